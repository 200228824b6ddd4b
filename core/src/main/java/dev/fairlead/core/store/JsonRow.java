package dev.fairlead.core.store;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.fairlead.api.InvalidException;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one JSON object, each of which has to be asked for by its type: what is missing, of
 * another type, or never asked for is a mistake.
 */
final class JsonRow {

  private static final int DEEPEST = 3;

  private final Map<String, Object> fields;

  private JsonRow(Map<String, Object> fields) {
    this.fields = fields;
  }

  /** Reads an object whose beginning is the parser's present token. */
  static JsonRow read(JsonParser in) throws IOException {
    return new JsonRow(object(in, 1));
  }

  private static Map<String, Object> object(JsonParser in, int depth) throws IOException {
    expect(in.currentToken() == JsonToken.START_OBJECT, "an object");
    Map<String, Object> fields = new LinkedHashMap<>();
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String name = in.currentName();
      in.nextToken();
      fields.put(name, value(in, depth));
    }
    return fields;
  }

  private static Object value(JsonParser in, int depth) throws IOException {
    expect(depth <= DEEPEST, "at most " + DEEPEST + " levels");
    return switch (Objects.requireNonNull(in.currentToken())) {
      case VALUE_STRING -> in.getText();
      case VALUE_NUMBER_INT -> in.getLongValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case START_OBJECT -> object(in, depth + 1);
      case START_ARRAY -> {
        List<Object> values = new ArrayList<>();
        while (in.nextToken() != JsonToken.END_ARRAY) {
          values.add(value(in, depth + 1));
        }
        yield values;
      }
      default ->
          throw new InvalidException(
              "expected: a string, whole number, truth value, list or object");
    };
  }

  String string(String name) {
    return typed(name, String.class, take(name));
  }

  @Nullable String stringOrNull(String name) {
    return fields.containsKey(name) ? string(name) : null;
  }

  long number(String name) {
    return typed(name, Long.class, take(name));
  }

  boolean truth(String name) {
    return typed(name, Boolean.class, take(name));
  }

  Instant instant(String name) {
    try {
      return Instant.parse(string(name));
    } catch (DateTimeParseException e) {
      throw new InvalidException(name + ": expected a time as in ISO 8601, in UTC", e);
    }
  }

  @Nullable Instant instantOrNull(String name) {
    return fields.containsKey(name) ? instant(name) : null;
  }

  <E extends Enum<E>> E oneOf(String name, E[] values) {
    String found = string(name);
    return Arrays.stream(values)
        .filter(value -> value.name().equals(found))
        .findFirst()
        .orElseThrow(
            () -> new InvalidException(name + ": expected one of " + Arrays.toString(values)));
  }

  List<String> list(String name) {
    return listOf(name, take(name));
  }

  Map<String, String> strings(String name) {
    Map<String, String> strings = new LinkedHashMap<>();
    entries(name).forEach((key, value) -> strings.put(key, typed(name, String.class, value)));
    return strings;
  }

  Map<String, List<String>> lists(String name) {
    Map<String, List<String>> lists = new LinkedHashMap<>();
    entries(name).forEach((key, value) -> lists.put(key, listOf(name, value)));
    return lists;
  }

  /** Called when all fields were asked for. */
  void finish() {
    expect(fields.isEmpty(), "no fields beside those of this version");
  }

  private Object take(String name) {
    Object value = fields.remove(name);
    if (value == null) {
      throw new InvalidException(name + ": missing");
    }
    return value;
  }

  private Map<String, Object> entries(String name) {
    Map<String, Object> entries = new LinkedHashMap<>();
    Map<?, ?> object = typed(name, Map.class, take(name));
    object.forEach((key, value) -> entries.put((String) key, value));
    return entries;
  }

  private static List<String> listOf(String name, Object value) {
    List<String> strings = new ArrayList<>();
    for (Object element : typed(name, List.class, value)) {
      strings.add(typed(name, String.class, element));
    }
    return strings;
  }

  private static <T> T typed(String name, Class<T> type, Object value) {
    if (!type.isInstance(value)) {
      throw new InvalidException(
          name
              + ": a "
              + value.getClass().getSimpleName()
              + " (expected: a "
              + type.getSimpleName()
              + ")");
    }
    return type.cast(value);
  }

  private static void expect(boolean met, String expected) {
    if (!met) {
      throw new InvalidException("expected: " + expected);
    }
  }
}
