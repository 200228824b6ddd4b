package dev.fairlead.core.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Small JSON documents of somebody else. Names that are there twice are refused. */
public final class JsonTree {

  private static final int DEEPEST = 32;
  private static final JsonFactory FACTORY =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private JsonTree() {}

  /**
   * Reads an object.
   *
   * @param json the document in UTF-8
   * @return its members: maps, lists, texts, numbers, booleans and nulls
   * @throws IOException if it is none, or not well-formed
   */
  @SuppressWarnings("unchecked") // Objects are maps with texts as keys.
  public static Map<String, Object> object(byte[] json) throws IOException {
    try (JsonParser parser = FACTORY.createParser(json)) {
      parser.nextToken();
      Object found = value(parser, 0);
      if (!(found instanceof Map<?, ?>) || parser.nextToken() != null) {
        throw new IOException("no JSON object");
      }
      return (Map<String, Object>) found;
    }
  }

  private static @Nullable Object value(JsonParser parser, int depth) throws IOException {
    if (depth > DEEPEST) {
      throw new IOException("deeper than " + DEEPEST);
    }
    JsonToken token = parser.currentToken();
    if (token == JsonToken.START_OBJECT) {
      Map<String, @Nullable Object> object = new HashMap<>();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        parser.nextToken();
        object.put(name, value(parser, depth + 1));
      }
      return object;
    }
    if (token == JsonToken.START_ARRAY) {
      List<@Nullable Object> list = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        list.add(value(parser, depth + 1));
      }
      return list;
    }
    if (token == JsonToken.VALUE_NUMBER_INT) {
      return parser.getLongValue();
    }
    if (token == JsonToken.VALUE_NUMBER_FLOAT) {
      return parser.getDoubleValue();
    }
    if (token == JsonToken.VALUE_TRUE || token == JsonToken.VALUE_FALSE) {
      return parser.getBooleanValue();
    }
    return token == JsonToken.VALUE_STRING ? parser.getText() : null;
  }

  /**
   * The object at a name, or an empty one.
   *
   * @param object what {@link #object} read
   * @param name the member's name
   * @return never null
   */
  public static Map<?, ?> objectAt(Map<?, ?> object, String name) {
    return object.get(name) instanceof Map<?, ?> found ? found : Map.of();
  }

  /**
   * The texts at a name, be it one or a list.
   *
   * @param object what {@link #object} read
   * @param name the member's name
   * @return the texts; what is no text is left out
   */
  public static List<String> textsAt(Map<?, ?> object, String name) {
    Object found = object.get(name);
    List<?> all = found instanceof List<?> list ? list : found == null ? List.of() : List.of(found);
    return all.stream().filter(String.class::isInstance).map(String.class::cast).toList();
  }

  /**
   * The text at a name, or an empty one.
   *
   * @param object what {@link #object} read
   * @param name the member's name
   * @return never null
   */
  public static String textAt(Map<?, ?> object, String name) {
    return object.get(name) instanceof String text ? text : "";
  }
}
