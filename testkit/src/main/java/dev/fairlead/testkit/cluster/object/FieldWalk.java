package dev.fairlead.testkit.cluster.object;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns objects into field sets, merges by them and cuts fields out by them. */
final class FieldWalk {
  private static final Set<String> UNTRACKED_META =
      Set.of(
          "name",
          "generateName",
          "namespace",
          "uid",
          "resourceVersion",
          "generation",
          "creationTimestamp",
          "deletionTimestamp",
          "deletionGracePeriodSeconds",
          "selfLink",
          "managedFields");

  private final Schema schema;

  FieldWalk(Schema schema) {
    this.schema = schema;
  }

  /** {@return the object without what no manager can own} */
  ObjectNode tracked(ObjectNode object) {
    ObjectNode copy = object.deepCopy();
    copy.remove("apiVersion");
    copy.remove("kind");
    if (copy.get("metadata") instanceof ObjectNode metadata) {
      metadata.remove(UNTRACKED_META);
      if (metadata.isEmpty()) {
        copy.remove("metadata");
      }
    }
    return copy;
  }

  /** {@return every field a configuration states} */
  FieldSet stated(JsonNode value, FieldType type) {
    FieldSet set = new FieldSet();
    state(set, value, type);
    return set;
  }

  private void state(FieldSet into, JsonNode value, FieldType type) {
    if (type.leaf(value) || value.isEmpty()) {
      into.addSelf();
      return;
    }
    if (value.isObject()) {
      for (Map.Entry<String, JsonNode> entry : value.properties()) {
        state(
            into.child("f:" + entry.getKey()),
            entry.getValue(),
            schema.member(type, entry.getKey()));
      }
      return;
    }
    for (JsonNode element : value) {
      FieldSet child = into.child(step(type, element));
      child.addSelf();
      if (element.isObject()) {
        state(child, element, type.element());
      }
    }
  }

  /**
   * Adds to {@code changed} what is new or different in {@code after}, to {@code gone} what is
   * lost.
   */
  void compare(
      @Nullable JsonNode before,
      @Nullable JsonNode after,
      FieldType type,
      FieldSet changed,
      FieldSet gone) {
    if (after == null || after.isNull()) {
      if (before != null && !before.isNull()) {
        gone.addSelf();
      }
      return;
    }
    if (type.leaf(after) || after.isEmpty()) {
      if (!after.equals(before)) {
        changed.addSelf();
      }
      return;
    }
    if (after.isObject()) {
      if (before == null && type.shape() == FieldType.Shape.MAP) {
        changed.addSelf();
      }
      JsonNode old = before == null ? Trees.object() : before;
      for (Map.Entry<String, JsonNode> entry : after.properties()) {
        String step = "f:" + entry.getKey();
        FieldType member = schema.member(type, entry.getKey());
        descend(old.get(entry.getKey()), entry.getValue(), member, step, changed, gone);
      }
      for (Map.Entry<String, JsonNode> entry : old.properties()) {
        if (!after.has(entry.getKey())) {
          gone.child("f:" + entry.getKey()).addSelf();
        }
      }
      return;
    }
    JsonNode old = before instanceof ArrayNode list ? list : Trees.array();
    if (before == null) {
      changed.addSelf();
    }
    for (JsonNode element : after) {
      String step = step(type, element);
      JsonNode match = find(old, type, step);
      if (match == null) {
        changed.child(step).addSelf();
      }
      descend(match, element, type.element(), step, changed, gone);
    }
    for (JsonNode element : old) {
      String step = step(type, element);
      if (find(after, type, step) == null) {
        gone.child(step).addSelf();
      }
    }
  }

  private void descend(
      @Nullable JsonNode before,
      JsonNode after,
      FieldType type,
      String step,
      FieldSet changed,
      FieldSet gone) {
    FieldSet changedBelow = new FieldSet();
    FieldSet goneBelow = new FieldSet();
    compare(before, after, type, changedBelow, goneBelow);
    if (!changedBelow.isEmpty()) {
      changed.child(step).addAll(changedBelow);
    }
    if (!goneBelow.isEmpty()) {
      gone.child(step).addAll(goneBelow);
    }
  }

  /** {@return the paths of {@code both} at which the two values differ} */
  FieldSet differing(FieldSet both, JsonNode applied, @Nullable JsonNode live, FieldType type) {
    FieldSet result = new FieldSet();
    if (live == null) {
      return result;
    }
    boolean leaf = type.leaf(applied) || applied.isEmpty();
    if (both.member() && leaf && !applied.equals(live)) {
      result.addSelf();
    }
    both.children()
        .forEach(
            (step, path) -> {
              JsonNode mine = resolve(applied, type, step);
              if (mine == null) {
                return;
              }
              FieldSet below = differing(path, mine, resolve(live, type, step), typeOf(type, step));
              if (!below.isEmpty()) {
                result.child(step).addAll(below);
              }
            });
    return result;
  }

  /** Merges a configuration into a live value, which may be changed. */
  JsonNode merge(@Nullable JsonNode live, JsonNode applied, FieldType type) {
    if (type.leaf(applied) || live == null) {
      return applied.deepCopy();
    }
    if (applied.isObject()) {
      ObjectNode result = live instanceof ObjectNode object ? object : Trees.object();
      for (Map.Entry<String, JsonNode> entry : applied.properties()) {
        FieldType member = schema.member(type, entry.getKey());
        if (entry.getValue().isNull()) {
          continue;
        }
        result.set(entry.getKey(), merge(result.get(entry.getKey()), entry.getValue(), member));
      }
      return result;
    }
    ArrayNode result = live instanceof ArrayNode list ? list : Trees.array();
    for (JsonNode element : applied) {
      String step = step(type, element);
      int index = indexOf(result, type, step);
      if (index < 0) {
        result.add(element.deepCopy());
      } else if (element.isObject()) {
        result.set(index, merge(result.get(index), element, type.element()));
      }
    }
    return result;
  }

  /**
   * Removes the fields from a value. An element of a list goes whole; another object or list goes
   * when nothing is left in it that somebody still states.
   */
  void cut(JsonNode value, FieldSet gone, FieldType type) {
    gone.children()
        .forEach(
            (step, path) -> {
              JsonNode found = resolve(value, type, step);
              if (found == null) {
                return;
              }
              if (!path.member() || step.startsWith("f:")) {
                cut(found, path, typeOf(type, step));
              }
              if (!path.member()) {
                return;
              }
              if (value instanceof ObjectNode object) {
                if (found.isEmpty() || schema.member(type, step.substring(2)).leaf(found)) {
                  object.remove(step.substring(2));
                }
              } else if (value instanceof ArrayNode list) {
                list.remove(indexOf(list, type, step));
              }
            });
  }

  private FieldType typeOf(FieldType parent, String step) {
    return step.startsWith("f:") ? schema.member(parent, step.substring(2)) : parent.element();
  }

  private @Nullable JsonNode resolve(JsonNode value, FieldType type, String step) {
    return step.startsWith("f:") ? value.get(step.substring(2)) : find(value, type, step);
  }

  private @Nullable JsonNode find(JsonNode list, FieldType type, String step) {
    int index = indexOf(list, type, step);
    return index < 0 ? null : list.get(index);
  }

  private int indexOf(JsonNode list, FieldType type, String step) {
    if (list.isArray()) {
      for (int i = 0; i < list.size(); i++) {
        if (step(type, list.get(i)).equals(step)) {
          return i;
        }
      }
    }
    return -1;
  }

  private static String step(FieldType type, JsonNode element) {
    return type.merge() == FieldType.Merge.KEYED ? "k:" + type.keyOf(element) : "v:" + element;
  }
}
