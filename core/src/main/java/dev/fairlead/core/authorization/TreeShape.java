package dev.fairlead.core.authorization;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Takes values of the expected kind from a tree, and notes a mistake for any other. */
final class TreeShape {

  /** The key of the whole tree. */
  static final String ROOT = "document";

  private final Mistakes mistakes;

  TreeShape(Mistakes mistakes) {
    this.mistakes = mistakes;
  }

  static String child(String key, String name) {
    return (key.equals(ROOT) ? "" : key + '.') + Mistakes.printable(name);
  }

  /** A map; what is unknown in it is a mistake. */
  Map<?, ?> fields(@Nullable Object value, String key, String... known) {
    String expected = "one of the keys " + String.join(", ", known);
    if (!(value instanceof Map<?, ?> map)) {
      mistakes.add(key, kind(value), expected);
      return Map.of();
    }
    for (Object name : map.keySet()) {
      if (!(name instanceof String text) || !List.of(known).contains(text)) {
        mistakes.add(child(key, String.valueOf(name)), "unknown key", expected);
      }
    }
    return map;
  }

  /** The items of a list that may be absent; an empty one is a mistake. */
  List<?> items(Map<?, ?> fields, String key, String field) {
    if (!fields.containsKey(field)) {
      return List.of();
    }
    Object value = fields.get(field);
    String listKey = child(key, field);
    if (!(value instanceof List<?> list)) {
      mistakes.add(listKey, kind(value), "a list");
      return List.of();
    }
    if (list.isEmpty()) {
      mistakes.add(listKey, "empty list", "at least one item, or no such key");
    }
    return list;
  }

  /** The texts of a list that may be absent; empty text in place of anything else. */
  List<String> texts(Map<?, ?> fields, String key, String field) {
    List<?> items = items(fields, key, field);
    String[] texts = new String[items.size()];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = text(items.get(i), child(key, field) + '[' + i + ']');
    }
    return List.of(texts);
  }

  /** Text that may be absent, but not empty; empty text in place of anything else. */
  String text(Map<?, ?> fields, String key, String field) {
    if (!fields.containsKey(field)) {
      return "";
    }
    Object value = fields.get(field);
    if ("".equals(value)) {
      mistakes.add(child(key, field), "empty text", "some text, or no such key");
    }
    return text(value, child(key, field));
  }

  private String text(@Nullable Object value, String key) {
    if (value instanceof String text) {
      return text;
    }
    mistakes.add(key, kind(value), "text");
    return "";
  }

  private static String kind(@Nullable Object value) {
    if (value == null) {
      return "nothing";
    }
    if (value instanceof Map) {
      return "a mapping";
    }
    if (value instanceof List) {
      return "a list";
    }
    if (value instanceof Boolean) {
      return "true or false";
    }
    return value instanceof Number ? "a number" : "text";
  }
}
