package dev.fairlead.testkit.cluster.object;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A set of field paths as a trie whose steps are written as in FieldsV1: {@code f:name}, {@code
 * k:{"name":"web"}}, {@code v:"x"}.
 */
final class FieldSet {
  private boolean member;
  private final SortedMap<String, FieldSet> children = new TreeMap<>();

  static FieldSet parse(JsonNode fieldsV1) {
    FieldSet set = new FieldSet();
    for (Map.Entry<String, JsonNode> entry : fieldsV1.properties()) {
      if (entry.getKey().equals(".")) {
        set.member = true;
      } else {
        FieldSet child = parse(entry.getValue());
        child.member |= entry.getValue().isEmpty();
        set.children.put(entry.getKey(), child);
      }
    }
    return set;
  }

  ObjectNode toJson() {
    ObjectNode json = Trees.object();
    if (member && !children.isEmpty()) {
      json.putObject(".");
    }
    children.forEach((step, child) -> json.set(step, child.toJson()));
    return json;
  }

  boolean member() {
    return member;
  }

  SortedMap<String, FieldSet> children() {
    return children;
  }

  boolean isEmpty() {
    return !member && children.isEmpty();
  }

  FieldSet child(String step) {
    return children.computeIfAbsent(step, s -> new FieldSet());
  }

  void addSelf() {
    member = true;
  }

  void addAll(FieldSet other) {
    member |= other.member;
    other.children.forEach((step, child) -> child(step).addAll(child));
  }

  void removeAll(FieldSet other) {
    if (other.member) {
      member = false;
    }
    other.children.forEach(
        (step, gone) -> {
          FieldSet child = children.get(step);
          if (child != null) {
            child.removeAll(gone);
            if (child.isEmpty()) {
              children.remove(step);
            }
          }
        });
  }

  /** Removes a path and all below it. */
  void removeBelow(FieldSet gone) {
    gone.children.forEach(
        (step, path) -> {
          FieldSet child = children.get(step);
          if (child == null) {
            return;
          }
          if (path.member) {
            children.remove(step);
          } else {
            child.removeBelow(path);
            if (child.isEmpty()) {
              children.remove(step);
            }
          }
        });
  }

  FieldSet intersect(FieldSet other) {
    FieldSet both = new FieldSet();
    both.member = member && other.member;
    children.forEach(
        (step, child) -> {
          FieldSet theirs = other.children.get(step);
          FieldSet common = theirs == null ? new FieldSet() : child.intersect(theirs);
          if (!common.isEmpty()) {
            both.children.put(step, common);
          }
        });
    return both;
  }

  /**
   * {@return the paths as conflict messages write them: {@code .spec.containers[name="web"].image}}
   */
  List<String> paths() {
    List<String> found = new ArrayList<>();
    collect("", found);
    return found;
  }

  private void collect(String prefix, List<String> found) {
    if (member) {
      found.add(prefix);
    }
    children.forEach((step, child) -> child.collect(prefix + display(step), found));
  }

  private static String display(String step) {
    String body = step.substring(2);
    if (step.startsWith("f:")) {
      return "." + body;
    }
    JsonNode value = Trees.parseJson(body.getBytes(StandardCharsets.UTF_8));
    if (!value.isObject()) {
      return "[=" + value + "]";
    }
    List<String> parts = new ArrayList<>();
    for (String key : new TreeSet<>(value.properties().stream().map(Map.Entry::getKey).toList())) {
      parts.add(key + "=" + value.get(key));
    }
    return "[" + String.join(",", parts) + "]";
  }
}
