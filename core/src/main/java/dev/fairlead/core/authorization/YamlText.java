package dev.fairlead.core.authorization;

import dev.fairlead.api.InvalidException;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * YAML 1.2 text as a tree of nodes; nothing in it is ever constructed. Depth and aliases bounded.
 */
final class YamlText {

  static final int MAX_DEPTH = 20;
  private static final int MAX_ALIASES = 50;

  private YamlText() {}

  static Node compose(String yaml, String source) {
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel(source)
            .setMaxAliasesForCollections(MAX_ALIASES)
            .setCodePointLimit(2 * 1024 * 1024)
            .build();
    try {
      requireBounded(yaml, source, settings);
      return new Compose(settings)
          .composeString(yaml)
          .orElseThrow(
              () -> new InvalidException(source + ": empty (expected: roles and bindings)"));
    } catch (MarkedYamlEngineException e) {
      String position = e.getProblemMark().map(mark -> position(mark) + ": ").orElse("");
      throw new InvalidException(source + ": not YAML: " + position + e.getProblem(), e);
    } catch (YamlEngineException e) {
      throw new InvalidException(source + ": not YAML: " + e.getMessage(), e);
    }
  }

  /** Goes through the events first, since composing takes stack for each level of nesting. */
  private static void requireBounded(String yaml, String source, LoadSettings settings) {
    int depth = 0;
    int aliases = 0;
    for (Event event : new Parse(settings).parseString(yaml)) {
      switch (event.getEventId()) {
        case SequenceStart, MappingStart -> depth++;
        case SequenceEnd, MappingEnd -> depth--;
        case Alias -> aliases++;
        default -> {}
      }
      if (depth > MAX_DEPTH || aliases > MAX_ALIASES) {
        String position = event.getStartMark().map(YamlText::position).orElse("somewhere");
        throw new InvalidException(
            source
                + ": "
                + position
                + (depth > MAX_DEPTH
                    ? ": nested deeper than " + MAX_DEPTH + " levels"
                    : ": more than " + MAX_ALIASES + " aliases")
                + " (expected: roles and bindings)");
      }
    }
  }

  static String position(Mark mark) {
    return "line " + (mark.getLine() + 1) + ", column " + (mark.getColumn() + 1);
  }
}
