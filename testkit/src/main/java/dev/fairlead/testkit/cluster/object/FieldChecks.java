package dev.fairlead.testkit.cluster.object;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Checks the fields of an object against the schema: their JSON types always, unknown ones when
 * asked to be strict.
 */
public final class FieldChecks {
  private final Schema schema;

  public FieldChecks(Schema schema) {
    this.schema = schema;
  }

  /**
   * Checks a whole object.
   *
   * @param kind its kind
   * @param object the object
   * @param strict whether fields that the kind does not have are a mistake
   * @throws ApiException 400 when a field has the wrong type or, if strict, is unknown
   */
  public void check(Kind kind, JsonNode object, boolean strict) {
    List<String> unknown = new ArrayList<>();
    try {
      value(object, Schema.root(kind), "", unknown);
    } catch (WrongType e) {
      throw refused(kind, e.getMessage());
    }
    if (strict && !unknown.isEmpty()) {
      throw refused(kind, "strict decoding error: " + String.join(", ", unknown));
    }
  }

  private static ApiException refused(Kind kind, String why) {
    return ApiException.badRequest(
        "%s in version \"%s\" cannot be handled as a %s: %s"
            .formatted(kind.name(), kind.version(), kind.name(), why));
  }

  private void value(JsonNode value, FieldType type, String path, List<String> unknown) {
    if (value.isNull()) {
      return;
    }
    switch (type.shape()) {
      case LIST -> {
        require(value.isArray(), value, path, "a list");
        for (int i = 0; i < value.size(); i++) {
          value(value.get(i), type.element(), path + "[" + i + "]", unknown);
        }
      }
      case MAP -> {
        require(value.isObject(), value, path, "a map");
        for (Map.Entry<String, JsonNode> entry : value.properties()) {
          value(entry.getValue(), type.element(), join(path, entry.getKey()), unknown);
        }
      }
      default -> single(value, type, path, unknown);
    }
  }

  private void single(JsonNode value, FieldType type, String path, List<String> unknown) {
    switch (type.type()) {
      case "string", "bytes", "Time", "MicroTime" ->
          require(value.isTextual(), value, path, "a string");
      case "int" -> require(value.isIntegralNumber(), value, path, "an integer");
      case "bool" -> require(value.isBoolean(), value, path, "a boolean");
      case "Quantity" -> require(value.isTextual() || value.isNumber(), value, path, "a quantity");
      case "IntOrString" ->
          require(
              value.isTextual() || value.isIntegralNumber(), value, path, "an integer or a string");
      case "any", "FieldsV1" -> {}
      default -> {
        require(value.isObject(), value, path, "an object");
        Map<String, FieldType> fields = schema.types().get(type.type());
        for (Map.Entry<String, JsonNode> entry : value.properties()) {
          String name = join(path, entry.getKey());
          if (fields != null && !fields.containsKey(entry.getKey())) {
            unknown.add("unknown field \"" + name + "\"");
          } else {
            value(entry.getValue(), schema.member(type, entry.getKey()), name, unknown);
          }
        }
      }
    }
  }

  private static String join(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  private static void require(boolean fits, JsonNode value, String path, String expected) {
    if (!fits) {
      throw new WrongType(
          "%s: found a JSON %s (expected: %s)".formatted(path, value.getNodeType(), expected));
    }
  }

  /** Leaves the walk at the first field of a wrong type. */
  private static final class WrongType extends RuntimeException {
    private static final long serialVersionUID = 1L;

    WrongType(String message) {
      super(message, null, false, false);
    }

    @Override
    public String getMessage() {
      return String.valueOf(super.getMessage());
    }
  }
}
