package dev.fairlead.core.audit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import dev.fairlead.api.ClusterName;
import dev.fairlead.api.Identity;
import dev.fairlead.api.RequestInfo;
import dev.fairlead.api.audit.AuditEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An event as one line of JSON, an {@code Event} of {@code audit.k8s.io/v1} at the level {@code
 * Metadata}. Pure ASCII: all else, line ends and control characters included, is escaped.
 */
final class EventJson {

  static final String CLUSTER = "fairlead.dev/cluster";
  static final String METHOD = "fairlead.dev/method";

  private static final JsonFactory JSON =
      JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private EventJson() {}

  /** The event on a line of its own, in no chain. */
  static byte[] line(AuditEvent event) throws IOException {
    return ended(opening(event, false), "");
  }

  /** The line that {@link #opening} began, in its place in the chain. */
  static byte[] chained(byte[] opening, ChainLink before) {
    boolean first = opening[opening.length - 1] == '{';
    return ended(
        opening,
        (first ? "\"" : ",\"")
            + (ChainedLine.SEQUENCE + "\":\"" + (before.sequence() + 1))
            + ("\",\"" + ChainedLine.PREVIOUS + "\":\"" + before.hash() + "\""));
  }

  private static byte[] ended(byte[] opening, String annotations) {
    byte[] end = (annotations + "}}\n").getBytes(StandardCharsets.US_ASCII);
    byte[] line = Arrays.copyOf(opening, opening.length + end.length);
    System.arraycopy(end, 0, line, opening.length, end.length);
    return line;
  }

  /**
   * All of an event's line but the end of its annotations, where its place in the chain goes.
   *
   * @param checkpoint whether it may have the annotations that make a checkpoint
   */
  static byte[] opening(AuditEvent event, boolean checkpoint) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("kind", "Event");
      json.writeStringField("apiVersion", "audit.k8s.io/v1");
      json.writeStringField("level", "Metadata");
      json.writeStringField("auditID", event.auditId());
      json.writeStringField("stage", event.stage().kubernetesName());
      json.writeStringField("requestURI", RequestUri.redacted(event.requestUri()));
      json.writeStringField("verb", event.info().verb());
      user(json, "user", event.user());
      if (event.impersonatedUser() != null) {
        user(json, "impersonatedUser", event.impersonatedUser());
      }
      texts(json, "sourceIPs", event.sourceIps());
      text(json, "userAgent", event.userAgent());
      object(json, event.info());
      Integer code = event.responseCode();
      if (code != null) {
        response(json, code);
      }
      json.writeStringField("requestReceivedTimestamp", MicroTime.text(event.receivedAt()));
      json.writeStringField("stageTimestamp", MicroTime.text(event.at()));
      annotations(json, event, checkpoint);
      json.writeEndObject();
    }
    byte[] whole = out.toByteArray();
    return Arrays.copyOf(whole, whole.length - 2);
  }

  /** The field is required: without anybody it is an empty object, as kube-apiserver has it. */
  private static void user(JsonGenerator json, String field, @Nullable Identity identity)
      throws IOException {
    json.writeObjectFieldStart(field);
    if (identity == null) {
      json.writeEndObject();
      return;
    }
    json.writeStringField("username", identity.username());
    String uid = identity.uid();
    if (uid != null) {
      json.writeStringField("uid", uid);
    }
    texts(json, "groups", identity.groups());
    if (!identity.extra().isEmpty()) {
      json.writeObjectFieldStart("extra");
      for (Map.Entry<String, List<String>> entry : identity.extra().entrySet()) {
        json.writeFieldName(entry.getKey());
        array(json, entry.getValue());
      }
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  private static void object(JsonGenerator json, RequestInfo info) throws IOException {
    if (!info.isResourceRequest()) {
      return;
    }
    json.writeObjectFieldStart("objectRef");
    text(json, "resource", info.resource());
    text(json, "namespace", info.namespace());
    text(json, "name", info.name());
    text(json, "apiGroup", info.apiGroup());
    text(json, "apiVersion", info.apiVersion());
    text(json, "subresource", info.subresource());
    json.writeEndObject();
  }

  private static void response(JsonGenerator json, int code) throws IOException {
    json.writeObjectFieldStart("responseStatus");
    json.writeObjectFieldStart("metadata");
    json.writeEndObject();
    if (code >= 400) {
      json.writeStringField("status", "Failure");
    }
    json.writeNumberField("code", code);
    json.writeEndObject();
  }

  private static void annotations(JsonGenerator json, AuditEvent event, boolean checkpoint)
      throws IOException {
    Map<String, String> sorted = new TreeMap<>(event.annotations());
    sorted.keySet().removeAll(checkpoint ? ChainedLine.PLACE : ChainedLine.RESERVED);
    ClusterName cluster = event.cluster();
    if (cluster != null) {
      sorted.put(CLUSTER, cluster.value());
    }
    if (!event.method().isEmpty()) {
      sorted.put(METHOD, event.method());
    }
    json.writeObjectFieldStart("annotations");
    for (Map.Entry<String, String> entry : sorted.entrySet()) {
      json.writeStringField(entry.getKey(), entry.getValue());
    }
    json.writeEndObject();
  }

  private static void text(JsonGenerator json, String field, String value) throws IOException {
    if (!value.isEmpty()) {
      json.writeStringField(field, value);
    }
  }

  private static void texts(JsonGenerator json, String field, List<String> values)
      throws IOException {
    if (!values.isEmpty()) {
      json.writeFieldName(field);
      array(json, values);
    }
  }

  private static void array(JsonGenerator json, List<String> values) throws IOException {
    json.writeStartArray();
    for (String value : values) {
      json.writeString(value);
    }
    json.writeEndArray();
  }
}
