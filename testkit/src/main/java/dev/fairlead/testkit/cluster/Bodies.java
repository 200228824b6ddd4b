package dev.fairlead.testkit.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.testkit.cluster.object.ApiException;
import dev.fairlead.testkit.cluster.object.FieldChecks;
import dev.fairlead.testkit.cluster.object.Kind;
import dev.fairlead.testkit.cluster.object.ProtobufReader;
import dev.fairlead.testkit.cluster.object.Schema;
import dev.fairlead.testkit.cluster.object.Trees;
import dev.fairlead.testkit.cluster.wire.WireRequest;
import java.util.Locale;

/** Reads request bodies. */
final class Bodies {
  private static final String PROTOBUF = "application/vnd.kubernetes.protobuf";

  private final ProtobufReader protobuf;
  private final FieldChecks checks;

  Bodies(Schema schema) {
    this.protobuf = new ProtobufReader(schema);
    this.checks = new FieldChecks(schema);
  }

  static String mediaType(WireRequest request) {
    return request.header("content-type").split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
  }

  /** Reads a JSON, YAML or protobuf body by its content type. */
  JsonNode parse(WireRequest request) {
    String type = mediaType(request);
    if (type.endsWith("yaml")) {
      return Trees.parseYaml(request.body());
    }
    if (type.equals(PROTOBUF)) {
      return protobuf.read(request.body());
    }
    if (type.isEmpty() || type.endsWith("json")) {
      return Trees.parseJson(request.body());
    }
    throw ApiException.of(
        415,
        "UnsupportedMediaType",
        "the body of the request was in an unknown format - accepted media types include:"
            + " application/json, application/yaml, application/vnd.kubernetes.protobuf");
  }

  /** Reads an object of the kind and checks that it is one and where it wants to be. */
  ObjectNode object(WireRequest request, Kind kind, String namespace, String name) {
    ObjectNode object = Trees.requireObject(parse(request));
    conform(request, object, kind, namespace, name);
    return object;
  }

  /**
   * Checks kind, version, namespace and name of an object against the request's; fills the latter
   * two in.
   */
  void conform(WireRequest request, ObjectNode object, Kind kind, String namespace, String name) {
    Trees.setDefault(object, "apiVersion", kind.apiVersion());
    Trees.setDefault(object, "kind", kind.name());
    if (!Trees.text(object, "apiVersion").equals(kind.apiVersion())
        || !Trees.text(object, "kind").equals(kind.name())) {
      throw ApiException.badRequest(
          "the object in the request is %s, Kind=%s (expected: %s, Kind=%s)"
              .formatted(
                  Trees.text(object, "apiVersion"),
                  Trees.text(object, "kind"),
                  kind.apiVersion(),
                  kind.name()));
    }
    boolean strict = request.parameter("fieldValidation").orElse("").equals("Strict");
    checks.check(kind, object, strict);
    ObjectNode metadata = Trees.child(object, "metadata");
    if (kind.namespaced()) {
      Trees.setDefault(metadata, "namespace", namespace);
      if (!Trees.text(metadata, "namespace").equals(namespace)) {
        throw ApiException.badRequest(
            "the namespace of the provided object does not match the namespace sent on the"
                + " request");
      }
    } else {
      metadata.remove("namespace");
    }
    if (!name.isEmpty()) {
      Trees.setDefault(metadata, "name", name);
      if (!Trees.text(metadata, "name").equals(name)) {
        throw ApiException.badRequest(
            "the name of the object (%s) does not match the name on the URL (%s)"
                .formatted(Trees.text(metadata, "name"), name));
      }
    }
  }
}
