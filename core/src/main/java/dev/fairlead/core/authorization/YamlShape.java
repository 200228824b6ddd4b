package dev.fairlead.core.authorization;

import dev.fairlead.api.InvalidException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Reads nodes of the expected kind and notes a mistake, with its position, for any other. */
final class YamlShape {

  /** The key of the whole text. */
  static final String ROOT = "document";

  /** Aliases can make a small file stand for a large tree: this bounds what is read of it. */
  private static final int MAX_NODES = 200_000;

  private final Mistakes mistakes;
  private int nodes;

  YamlShape(Mistakes mistakes) {
    this.mistakes = mistakes;
  }

  /** The values of a mapping by key; what is unknown or comes twice is a mistake. */
  Map<String, Node> fields(Node node, String key, String... known) {
    visit(node, key);
    Map<String, Node> fields = new LinkedHashMap<>();
    String expected = "one of the keys " + String.join(", ", known);
    if (!(node instanceof MappingNode mapping)) {
      mistakes.add(key, kind(node), expected);
      return fields;
    }
    for (NodeTuple tuple : mapping.getValue()) {
      String name = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
      String nameKey = (key.equals(ROOT) ? "" : key + '.') + Mistakes.printable(name);
      visit(tuple.getKeyNode(), nameKey);
      if (!List.of(known).contains(name)) {
        mistakes.add(nameKey, "unknown key", expected);
      } else if (fields.putIfAbsent(name, tuple.getValueNode()) != null) {
        mistakes.add(nameKey, "key given twice", "each key once");
      }
    }
    return fields;
  }

  /** The items of a list; an empty one is a mistake. */
  List<Node> items(Node node, String key) {
    visit(node, key);
    if (!(node instanceof SequenceNode sequence)) {
      mistakes.add(key, kind(node), "a list");
      return List.of();
    }
    if (sequence.getValue().isEmpty()) {
      mistakes.add(key, "empty list", "at least one item, or no such key");
    }
    return sequence.getValue();
  }

  /** Text; empty text, and a mistake, where it is something else. */
  String text(Node node, String key) {
    visit(node, key);
    if (node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.STR)) {
      return scalar.getValue();
    }
    mistakes.add(key, kind(node), "text");
    return "";
  }

  private void visit(Node node, String key) {
    if (++nodes > MAX_NODES) {
      throw new InvalidException(
          mistakes.source()
              + ": more than "
              + MAX_NODES
              + " values (expected: fewer, aliases counted in full)");
    }
    node.getStartMark().ifPresent(mark -> mistakes.position(key, YamlText.position(mark)));
  }

  private static String kind(Node node) {
    if (node instanceof MappingNode) {
      return "a mapping";
    }
    if (node instanceof SequenceNode) {
      return "a list";
    }
    Tag tag = node.getTag();
    if (tag.equals(Tag.NULL)) {
      return "nothing";
    }
    if (tag.equals(Tag.INT) || tag.equals(Tag.FLOAT)) {
      return "a number";
    }
    return tag.equals(Tag.BOOL) ? "true or false" : "text";
  }
}
