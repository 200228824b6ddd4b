package dev.fairlead.core.authorization;

import dev.fairlead.api.InvalidException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Makes maps, lists and scalars of YAML's nodes, as JSON would give them, and remembers where each
 * stands. What is no text becomes a value of its kind, whichever: nothing here reads numbers.
 */
final class YamlTree {

  /** Aliases can make a small file stand for a large tree: this bounds what is read of it. */
  private static final int MAX_NODES = 200_000;

  private final Mistakes mistakes;
  private int nodes;

  YamlTree(Mistakes mistakes) {
    this.mistakes = mistakes;
  }

  @Nullable Object read(Node node) {
    return read(node, TreeShape.ROOT, 0);
  }

  private @Nullable Object read(Node node, String key, int depth) {
    visit(node, key);
    if (depth > YamlText.MAX_DEPTH) {
      // A node that holds itself by an alias has no end.
      throw new InvalidException(
          mistakes.source()
              + ": nested deeper than "
              + YamlText.MAX_DEPTH
              + " levels (expected: roles and bindings)");
    }
    if (node instanceof MappingNode mapping) {
      return map(mapping, key, depth);
    }
    if (node instanceof SequenceNode sequence) {
      List<@Nullable Object> items = new ArrayList<>();
      for (Node item : sequence.getValue()) {
        items.add(read(item, key + '[' + items.size() + ']', depth + 1));
      }
      return items;
    }
    Tag tag = node.getTag();
    if (tag.equals(Tag.NULL)) {
      return null;
    }
    if (tag.equals(Tag.BOOL)) {
      return Boolean.TRUE;
    }
    boolean text = node instanceof ScalarNode && tag.equals(Tag.STR);
    return text ? ((ScalarNode) node).getValue() : Integer.valueOf(0);
  }

  private Map<String, @Nullable Object> map(MappingNode mapping, String key, int depth) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      String name = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
      String nameKey = TreeShape.child(key, name);
      visit(tuple.getKeyNode(), nameKey);
      if (map.containsKey(name)) {
        mistakes.add(nameKey, "key given twice", "each key once");
      } else {
        map.put(name, read(tuple.getValueNode(), nameKey, depth + 1));
      }
    }
    return map;
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
}
