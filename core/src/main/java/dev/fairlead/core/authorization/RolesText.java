package dev.fairlead.core.authorization;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/** Roles as text, with a line for each rule and binding, so that changes can be compared. */
final class RolesText {

  private static final JsonFactory JSON = new JsonFactory();

  private RolesText() {}

  /** What {@link Roles#parse} reads. */
  static String json(Roles roles) {
    StringBuilder text = new StringBuilder("{\"roles\": [");
    String between = "\n";
    for (Role role : roles.roles()) {
      text.append(between)
          .append("  {\"name\": ")
          .append(line(role.name()))
          .append(", \"rules\": [");
      String next = "\n";
      for (Rule rule : role.rules()) {
        text.append(next).append("    ").append(line(RolesTree.write(rule)));
        next = ",\n";
      }
      text.append("\n  ]}");
      between = ",\n";
    }
    text.append("\n], \"bindings\": [");
    between = "\n";
    Object bindings = roles.toMap().get("bindings");
    for (Object binding : bindings instanceof List<?> list ? list : List.of()) {
      text.append(between).append("  ").append(line(binding));
      between = ",\n";
    }
    return text.append("\n]}\n").toString();
  }

  /** Maps, lists and text in one line. */
  static String line(Object value) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = JSON.createGenerator(text)) {
      write(value, out);
    } catch (IOException e) {
      throw new UncheckedIOException("a string cannot fail to be written to", e);
    }
    return text.toString();
  }

  private static void write(Object value, JsonGenerator out) throws IOException {
    if (value instanceof Map<?, ?> map) {
      out.writeStartObject();
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        out.writeFieldName((String) entry.getKey());
        write(entry.getValue(), out);
      }
      out.writeEndObject();
    } else if (value instanceof List<?> list) {
      out.writeStartArray();
      for (Object item : list) {
        write(item, out);
      }
      out.writeEndArray();
    } else {
      out.writeString((String) value);
    }
  }
}
