package dev.fairlead.core.audit;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.Identity;
import dev.fairlead.api.RequestInfo;
import dev.fairlead.api.audit.AuditEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An event as one line of JSON, an {@code Event} of {@code audit.k8s.io/v1} at the level {@code
 * Metadata}. Pure ASCII: all else, line ends and control characters included, is escaped.
 */
final class EventJson {

  static final String CLUSTER = "fairlead.dev/cluster";
  static final String METHOD = "fairlead.dev/method";

  private static final int EXPECTED_BYTES = 1024;

  private EventJson() {}

  /** What goes behind {@link #opening}: the event's place in the chain, and the line's end. */
  static byte[] ending(byte[] opening, ChainLink before) {
    boolean first = opening[opening.length - 1] == '{';
    String place =
        (first ? "\"" : ",\"")
            + (ChainedLine.SEQUENCE + "\":\"" + (before.sequence() + 1))
            + ("\",\"" + ChainedLine.PREVIOUS + "\":\"" + before.hash() + "\"}}\n");
    return place.getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * All of an event's line but the end of its annotations, where its place in the chain goes.
   *
   * @param checkpoint whether it may have the annotations that make a checkpoint
   */
  static byte[] opening(AuditEvent event, boolean checkpoint) {
    AsciiJson json = new AsciiJson(EXPECTED_BYTES).beginObject();
    json.field("kind", "Event");
    json.field("apiVersion", "audit.k8s.io/v1");
    json.field("level", "Metadata");
    json.field("auditID", event.auditId());
    json.field("stage", event.stage().kubernetesName());
    json.field("requestURI", RequestUri.redacted(event.requestUri()));
    json.field("verb", event.info().verb());
    user(json, "user", event.user());
    if (event.impersonatedUser() != null) {
      user(json, "impersonatedUser", event.impersonatedUser());
    }
    if (!event.sourceIps().isEmpty()) {
      json.field("sourceIPs", event.sourceIps());
    }
    text(json, "userAgent", event.userAgent());
    object(json, event.info());
    Integer code = event.responseCode();
    if (code != null) {
      response(json, code);
    }
    json.field("requestReceivedTimestamp", MicroTime.text(event.receivedAt()));
    json.field("stageTimestamp", MicroTime.text(event.at()));
    annotations(json, event, checkpoint);
    return json.endObject().withoutLast(2);
  }

  /** The field is required: without anybody it is an empty object, as kube-apiserver has it. */
  private static void user(AsciiJson json, String field, @Nullable Identity identity) {
    json.beginObject(field);
    if (identity != null) {
      json.field("username", identity.username());
      String uid = identity.uid();
      if (uid != null) {
        json.field("uid", uid);
      }
      if (!identity.groups().isEmpty()) {
        json.field("groups", identity.groups());
      }
      if (!identity.extra().isEmpty()) {
        json.beginObject("extra");
        identity.extra().forEach(json::field);
        json.endObject();
      }
    }
    json.endObject();
  }

  private static void object(AsciiJson json, RequestInfo info) {
    if (!info.isResourceRequest()) {
      return;
    }
    json.beginObject("objectRef");
    text(json, "resource", info.resource());
    text(json, "namespace", info.namespace());
    text(json, "name", info.name());
    text(json, "apiGroup", info.apiGroup());
    text(json, "apiVersion", info.apiVersion());
    text(json, "subresource", info.subresource());
    json.endObject();
  }

  private static void response(AsciiJson json, int code) {
    json.beginObject("responseStatus").beginObject("metadata").endObject();
    if (code >= 400) {
      json.field("status", "Failure");
    }
    json.field("code", code).endObject();
  }

  private static void annotations(AsciiJson json, AuditEvent event, boolean checkpoint) {
    Set<String> left = checkpoint ? ChainedLine.PLACE : ChainedLine.RESERVED;
    Map<String, String> facts = event.annotations();
    ClusterName cluster = event.cluster();
    List<String> keys = new ArrayList<>(facts.size() + 2);
    for (String key : facts.keySet()) {
      if (!left.contains(key)) {
        keys.add(key);
      }
    }
    add(keys, CLUSTER, cluster != null);
    add(keys, METHOD, !event.method().isEmpty());
    Collections.sort(keys);
    json.beginObject("annotations");
    for (String key : keys) {
      if (cluster != null && key.equals(CLUSTER)) {
        json.field(key, cluster.value());
      } else if (!event.method().isEmpty() && key.equals(METHOD)) {
        json.field(key, event.method());
      } else {
        json.field(key, String.valueOf(facts.get(key)));
      }
    }
    json.endObject();
  }

  private static void add(List<String> keys, String key, boolean present) {
    if (present && !keys.contains(key)) {
      keys.add(key);
    }
  }

  private static void text(AsciiJson json, String field, String value) {
    if (!value.isEmpty()) {
      json.field(field, value);
    }
  }
}
