package dev.fairlead.testkit.cluster.object;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/** OpenAPI v2 and v3 documents made from the schema. */
public final class OpenApi {
  /** The media type of {@link #v2Protobuf}. */
  public static final String V2_PROTOBUF =
      "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";

  private static final String PREFIX = "dev.fairlead.demo.";
  private static final String V2_REFERENCE = "#/definitions/";
  private static final String V3_REFERENCE = "#/components/schemas/";

  private final Schema schema;

  public OpenApi(Schema schema) {
    this.schema = schema;
  }

  /** {@return the Swagger 2.0 document of all kinds} */
  public ObjectNode v2() {
    ObjectNode document = Trees.object().put("swagger", "2.0");
    document.putObject("info").put("title", "Kubernetes").put("version", "v1.33.0");
    document.putObject("paths");
    document.set("definitions", types(Kinds.all(), V2_REFERENCE));
    return document;
  }

  /**
   * {@return a Swagger 2.0 document in protobuf that defines nothing}
   *
   * <p>Clients of 1.27 insist on one before they apply, and use their own types for what it does
   * not define.
   */
  public static byte[] v2Protobuf() {
    byte[] swagger = {0x0a, 3, '2', '.', '0'};
    byte[] info = {0x12, 10, 0x0a, 4, 'd', 'e', 'm', 'o', 0x12, 2, 'v', '1'};
    byte[] emptyPaths = {0x42, 0};
    byte[] emptyDefinitions = {0x4a, 0};
    ByteBuffer document = ByteBuffer.allocate(21);
    return document.put(swagger).put(info).put(emptyPaths).put(emptyDefinitions).array();
  }

  /** {@return the OpenAPI 3.0 document of the kinds of one group and version} */
  public ObjectNode v3(List<Kind> kinds) {
    ObjectNode document = Trees.object().put("openapi", "3.0.0");
    document.putObject("info").put("title", "Kubernetes").put("version", "v1.33.0");
    ObjectNode paths = document.putObject("paths");
    for (Kind kind : kinds) {
      String path = kind.rootPath() + (kind.namespaced() ? "/namespaces/{namespace}/" : "/");
      operation(paths, path + kind.plural(), "post", "post", kind);
      if (kind.stored()) {
        String one = path + kind.plural() + "/{name}";
        operation(paths, one, "get", "get", kind);
        operation(paths, one, "put", "put", kind);
        operation(paths, one, "delete", "delete", kind);
        ObjectNode content =
            operation(paths, one, "patch", "patch", kind)
                .putObject("requestBody")
                .putObject("content");
        // Strategic merge patches are understood but not announced: kubectl then computes them from
        // its own complete types instead of from this abridged schema.
        content.putObject("application/apply-patch+yaml");
        content.putObject("application/json-patch+json");
        content.putObject("application/merge-patch+json");
      }
    }
    document.putObject("components").set("schemas", types(kinds, V3_REFERENCE));
    return document;
  }

  private static ObjectNode operation(
      ObjectNode paths, String path, String method, String action, Kind kind) {
    ObjectNode operation = Trees.child(paths, path).putObject(method);
    operation.put("x-kubernetes-action", action);
    operation.set("x-kubernetes-group-version-kind", identity(kind));
    for (String name : List.of("dryRun", "fieldManager", "fieldValidation")) {
      ObjectNode parameter = operation.withArray("parameters").addObject();
      parameter.put("name", name).put("in", "query").putObject("schema").put("type", "string");
    }
    operation.putObject("responses").putObject("200").put("description", "OK");
    return operation;
  }

  private static ObjectNode identity(Kind kind) {
    return Trees.object()
        .put("group", kind.group())
        .put("version", kind.version())
        .put("kind", kind.name());
  }

  private ObjectNode types(List<Kind> kinds, String reference) {
    ObjectNode all = Trees.object();
    for (Map.Entry<String, Map<String, FieldType>> type : schema.types().entrySet()) {
      ObjectNode json = all.putObject(PREFIX + type.getKey());
      json.put("type", "object");
      ObjectNode properties = json.putObject("properties");
      type.getValue()
          .forEach(
              (name, field) -> {
                if (!field.inline()) {
                  properties.set(name, property(field, reference));
                }
              });
      ArrayNode identities = Trees.array();
      for (Kind kind : kinds) {
        if (kind.name().equals(type.getKey())) {
          identities.add(identity(kind));
        }
      }
      if (!identities.isEmpty()) {
        json.set("x-kubernetes-group-version-kind", identities);
      }
    }
    return all;
  }

  private ObjectNode property(FieldType field, String reference) {
    ObjectNode value = value(field.type(), reference);
    if (field.shape() == FieldType.Shape.VALUE) {
      return value;
    }
    if (field.shape() == FieldType.Shape.MAP) {
      ObjectNode map = Trees.object().put("type", "object");
      map.set("additionalProperties", value);
      return map;
    }
    ObjectNode list = Trees.object().put("type", "array");
    list.set("items", value);
    list.put(
        "x-kubernetes-list-type",
        switch (field.merge()) {
          case KEYED -> "map";
          case SET -> "set";
          default -> "atomic";
        });
    field.keys().keySet().forEach(list.withArray("x-kubernetes-list-map-keys")::add);
    JsonNode keys = list.get("x-kubernetes-list-map-keys");
    if (keys != null && keys.isEmpty()) {
      list.remove("x-kubernetes-list-map-keys");
    }
    if (field.patchKey() != null) {
      list.put("x-kubernetes-patch-strategy", field.retainKeys() ? "merge,retainKeys" : "merge");
      list.put("x-kubernetes-patch-merge-key", field.patchKey());
    }
    return list;
  }

  private static ObjectNode value(String type, String reference) {
    ObjectNode json = Trees.object();
    return switch (type) {
      case "string", "Quantity" -> json.put("type", "string");
      case "bytes" -> json.put("type", "string").put("format", "byte");
      case "Time", "MicroTime" -> json.put("type", "string").put("format", "date-time");
      case "IntOrString" -> json.put("type", "string").put("format", "int-or-string");
      case "int" -> json.put("type", "integer").put("format", "int64");
      case "bool" -> json.put("type", "boolean");
      case "any", "FieldsV1" -> json.put("x-kubernetes-preserve-unknown-fields", true);
      default -> json.put("$ref", reference + PREFIX + type);
    };
  }
}
