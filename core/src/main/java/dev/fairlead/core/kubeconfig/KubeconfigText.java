package dev.fairlead.core.kubeconfig;

import dev.fairlead.api.InvalidException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.api.lowlevel.Present;
import org.snakeyaml.engine.v2.api.lowlevel.Serialize;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * YAML as nodes that keep each value's spelling, and comments; nothing is ever constructed. Size
 * and depth bounded. A kubeconfig is a secret, so that messages tell places, and never text.
 */
final class KubeconfigText {

  private static final int LARGEST = 16 * 1024 * 1024;
  private static final int DEEPEST = 50;

  private KubeconfigText() {}

  /** Reads a mapping, or nothing if the text is empty. */
  static Optional<MappingNode> read(String yaml, String source) {
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel(source)
            .setCodePointLimit(LARGEST)
            .setParseComments(true)
            // kubectl takes the last one.
            .setAllowDuplicateKeys(true)
            .build();
    try {
      requireBounded(yaml, source, settings);
      Iterator<Node> documents = new Compose(settings).composeAllFromString(yaml).iterator();
      if (!documents.hasNext()) {
        return Optional.empty();
      }
      Node first = documents.next();
      if (documents.hasNext()) {
        throw new InvalidException(source + ": several documents (expected: 1)");
      }
      if (first instanceof MappingNode mapping) {
        // A text with nothing but comments is a mapping of a kind that cannot be added to.
        mapping.setTag(Tag.MAP);
        mapping.setValue(new ArrayList<>(mapping.getValue()));
        return Optional.of(mapping);
      }
      throw new InvalidException(source + ": no mapping (expected: a kubeconfig)");
    } catch (MarkedYamlEngineException e) {
      throw new InvalidException(
          source
              + ": not YAML"
              + e.getProblemMark().map(KubeconfigText::position).orElse("")
              + " (expected: a kubeconfig)");
    } catch (YamlEngineException e) {
      throw new InvalidException(source + ": not YAML (expected: a kubeconfig)");
    }
  }

  /** Goes through the events first, since composing takes stack for each level of nesting. */
  private static void requireBounded(String yaml, String source, LoadSettings settings) {
    int depth = 0;
    for (Event event : new Parse(settings).parseString(yaml)) {
      switch (event.getEventId()) {
        case SequenceStart, MappingStart -> depth++;
        case SequenceEnd, MappingEnd -> depth--;
        default -> {}
      }
      if (depth > DEEPEST) {
        throw new InvalidException(
            source + ": nested deeper than " + DEEPEST + " levels (expected: a kubeconfig)");
      }
    }
  }

  private static String position(Mark mark) {
    return ", line " + (mark.getLine() + 1) + ", column " + (mark.getColumn() + 1);
  }

  static String write(MappingNode root) {
    DumpSettings settings =
        DumpSettings.builder()
            .setDumpComments(true)
            .setSplitLines(false)
            .setMultiLineFlow(false)
            .build();
    return new Present(settings)
        .emitToString(new Serialize(settings).serializeOne(root).iterator());
  }
}
