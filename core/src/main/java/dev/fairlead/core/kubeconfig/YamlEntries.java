package dev.fairlead.core.kubeconfig;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Reading and changing mappings, without touching what is beside the change. */
final class YamlEntries {

  /** Words that kubectl's YAML 1.1 takes for something else, though YAML 1.2 does not. */
  private static final Set<String> WORDS =
      Set.of("y", "n", "yes", "no", "on", "off", "true", "false", "null");

  private YamlEntries() {}

  static MappingNode mapping() {
    return new MappingNode(Tag.MAP, new ArrayList<>(), FlowStyle.BLOCK);
  }

  static SequenceNode sequence() {
    return new SequenceNode(Tag.SEQ, new ArrayList<>(), FlowStyle.BLOCK);
  }

  /** Text that stays text for every reader. */
  static ScalarNode text(String value) {
    boolean plain =
        value.matches("[A-Za-z]([A-Za-z0-9/._:@+=-]*[A-Za-z0-9/_@+=-])?")
            && !WORDS.contains(value.toLowerCase(Locale.ROOT));
    return new ScalarNode(Tag.STR, value, plain ? ScalarStyle.PLAIN : ScalarStyle.DOUBLE_QUOTED);
  }

  /** The value at a key. */
  static Optional<Node> get(Node in, String key) {
    if (in instanceof MappingNode mapping) {
      for (NodeTuple tuple : mapping.getValue()) {
        if (tuple.getKeyNode() instanceof ScalarNode name && name.getValue().equals(key)) {
          return Optional.of(tuple.getValueNode());
        }
      }
    }
    return Optional.empty();
  }

  /** The text at a key, or an empty one. */
  static String textAt(Node in, String key) {
    return get(in, key)
        .filter(ScalarNode.class::isInstance)
        .map(node -> ((ScalarNode) node).getValue())
        .orElse("");
  }

  /** Sets the value at a key, in the place of the former one if there is one. */
  static void put(MappingNode in, String key, Node value) {
    List<NodeTuple> tuples = in.getValue();
    for (int i = 0; i < tuples.size(); i++) {
      Node name = tuples.get(i).getKeyNode();
      if (name instanceof ScalarNode scalar && scalar.getValue().equals(key)) {
        tuples.set(i, new NodeTuple(name, value));
        return;
      }
    }
    in.setFlowStyle(FlowStyle.BLOCK);
    tuples.add(new NodeTuple(text(key), value));
  }

  /** Sets a text unless it is there already, so that its spelling stays. */
  static void putText(MappingNode in, String key, String value) {
    if (!textAt(in, key).equals(value)) {
      put(in, key, text(value));
    }
  }

  static void remove(MappingNode in, String key) {
    in.getValue()
        .removeIf(
            tuple -> tuple.getKeyNode() instanceof ScalarNode name && name.getValue().equals(key));
  }

  /** A copy that can be changed without changing what an alias shares. */
  static MappingNode copy(Node of) {
    return of instanceof MappingNode mapping
        ? new MappingNode(
            mapping.getTag(), new ArrayList<>(mapping.getValue()), mapping.getFlowStyle())
        : mapping();
  }

  /** The first of a list's entries with a property. */
  static Optional<MappingNode> find(SequenceNode list, Predicate<MappingNode> property) {
    return list.getValue().stream()
        .filter(MappingNode.class::isInstance)
        .map(MappingNode.class::cast)
        .filter(property)
        .findFirst();
  }

  /** Removes entries, and returns the names of those that went. */
  static List<String> removeNamed(SequenceNode list, Predicate<MappingNode> property) {
    List<String> gone = new ArrayList<>();
    list.getValue()
        .removeIf(
            node -> {
              boolean goes = node instanceof MappingNode entry && property.test(entry);
              if (goes) {
                gone.add(textAt(node, "name"));
              }
              return goes;
            });
    return gone;
  }
}
