package dev.fairlead.core.administration;

import dev.fairlead.api.InvalidException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The fields of a request's object; what is wrong with them is told all at once. */
final class Fields {

  private final Map<String, @Nullable Object> fields;
  private final Set<String> known = new TreeSet<>();
  private final List<String> mistakes = new ArrayList<>();

  Fields(Map<String, @Nullable Object> fields) {
    this.fields = fields;
  }

  /** Text, or empty if there is none. */
  String text(String name) {
    known.add(name);
    Object value = fields.getOrDefault(name, "");
    if (value instanceof String text) {
      return text;
    }
    mistakes.add(name + ": something else (expected: text)");
    return "";
  }

  /** Text that has to be there. */
  String required(String name) {
    String text = text(name);
    if (text.isEmpty() && mistakes.stream().noneMatch(m -> m.startsWith(name + ":"))) {
      mistakes.add(name + ": missing or empty (expected: text)");
    }
    return text;
  }

  List<String> texts(String name) {
    known.add(name);
    List<String> texts = new ArrayList<>();
    if (fields.getOrDefault(name, List.of()) instanceof List<?> list) {
      for (Object item : list) {
        if (item instanceof String text) {
          texts.add(text);
        }
      }
      if (texts.size() == list.size()) {
        return texts;
      }
    }
    mistakes.add(name + ": something else (expected: a list of texts)");
    return List.of();
  }

  /** A map of texts, or null if there is none. */
  @Nullable Map<String, String> map(String name) {
    known.add(name);
    if (!fields.containsKey(name)) {
      return null;
    }
    Map<String, String> map = new LinkedHashMap<>();
    if (fields.get(name) instanceof Map<?, ?> found) {
      found.forEach(
          (key, value) -> {
            if (key instanceof String text && value instanceof String mapped) {
              map.put(text, mapped);
            }
          });
      if (map.size() == found.size()) {
        return map;
      }
    }
    mistakes.add(name + ": something else (expected: an object with texts)");
    return Map.of();
  }

  /** An object, or null if there is none. */
  @SuppressWarnings("unchecked") // Objects of JSON have texts as keys.
  @Nullable Map<String, Object> object(String name) {
    known.add(name);
    if (!fields.containsKey(name)) {
      return null;
    }
    if (fields.get(name) instanceof Map<?, ?> found) {
      return (Map<String, Object>) found;
    }
    mistakes.add(name + ": something else (expected: an object)");
    return null;
  }

  @Nullable Instant instant(String name) {
    String text = text(name);
    if (text.isEmpty()) {
      return null;
    }
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      mistakes.add(
          name + ": something else (expected: a moment such as 2027-01-31T18:00:00Z, RFC 3339)");
      return null;
    }
  }

  void mistake(String text) {
    mistakes.add(text);
  }

  /**
   * Called when all fields were asked for.
   *
   * @throws InvalidException with all that is wrong, fields among it that nobody asked for
   */
  void finish() {
    int unknown = 0;
    for (String name : fields.keySet()) {
      unknown += known.contains(name) ? 0 : 1;
    }
    if (unknown > 0) {
      mistakes.add(
          unknown + " unknown fields (expected: some of " + String.join(", ", known) + ")");
    }
    if (!mistakes.isEmpty()) {
      throw new InvalidException(String.join("\n", mistakes));
    }
  }
}
