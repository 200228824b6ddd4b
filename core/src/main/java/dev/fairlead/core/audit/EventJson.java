package dev.fairlead.core.audit;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.Identity;
import dev.fairlead.api.RequestInfo;
import dev.fairlead.api.audit.AuditEvent;
import dev.fairlead.core.audit.AsciiJson.Name;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An event as one line of JSON, an {@code Event} of {@code audit.k8s.io/v1} at the level {@code
 * Metadata}. Pure ASCII: all else, line ends and control characters included, is escaped. For one
 * thread at a time, which makes all of its lines in the same room.
 */
final class EventJson {

  static final String CLUSTER = "fairlead.dev/cluster";
  static final String METHOD = "fairlead.dev/method";

  private static final Name KIND = Name.of("kind");
  private static final Name API_VERSION = Name.of("apiVersion");
  private static final Name LEVEL = Name.of("level");
  private static final Name AUDIT_ID = Name.of("auditID");
  private static final Name STAGE = Name.of("stage");
  private static final Name REQUEST_URI = Name.of("requestURI");
  private static final Name VERB = Name.of("verb");
  private static final Name SOURCE_IPS = Name.of("sourceIPs");
  private static final Name REQUEST_RECEIVED_TIMESTAMP = Name.of("requestReceivedTimestamp");
  private static final Name STAGE_TIMESTAMP = Name.of("stageTimestamp");
  private static final Name USERNAME = Name.of("username");
  private static final Name UID = Name.of("uid");
  private static final Name GROUPS = Name.of("groups");
  private static final Name EXTRA = Name.of("extra");
  private static final Name OBJECT_REF = Name.of("objectRef");
  private static final Name RESPONSE_STATUS = Name.of("responseStatus");
  private static final Name METADATA = Name.of("metadata");
  private static final Name STATUS = Name.of("status");
  private static final Name CODE = Name.of("code");
  private static final Name ANNOTATIONS = Name.of("annotations");
  private static final Name USER = Name.of("user");
  private static final Name IMPERSONATED_USER = Name.of("impersonatedUser");
  private static final Name USER_AGENT = Name.of("userAgent");
  private static final Name RESOURCE = Name.of("resource");
  private static final Name NAMESPACE = Name.of("namespace");
  private static final Name NAME = Name.of("name");
  private static final Name API_GROUP = Name.of("apiGroup");
  private static final Name SUBRESOURCE = Name.of("subresource");

  private static final int EXPECTED_BYTES = 1024;

  private final AsciiJson json = new AsciiJson(EXPECTED_BYTES);

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
  byte[] opening(AuditEvent event, boolean checkpoint) {
    json.clear().beginObject();
    json.field(KIND, "Event");
    json.field(API_VERSION, "audit.k8s.io/v1");
    json.field(LEVEL, "Metadata");
    json.field(AUDIT_ID, event.auditId());
    json.field(STAGE, event.stage().kubernetesName());
    json.field(REQUEST_URI, RequestUri.redacted(event.requestUri()));
    json.field(VERB, event.info().verb());
    user(json, USER, event.user());
    if (event.impersonatedUser() != null) {
      user(json, IMPERSONATED_USER, event.impersonatedUser());
    }
    if (!event.sourceIps().isEmpty()) {
      json.field(SOURCE_IPS, event.sourceIps());
    }
    text(json, USER_AGENT, event.userAgent());
    object(json, event.info());
    Integer code = event.responseCode();
    if (code != null) {
      response(json, code);
    }
    json.field(REQUEST_RECEIVED_TIMESTAMP, MicroTime.text(event.receivedAt()));
    json.field(STAGE_TIMESTAMP, MicroTime.text(event.at()));
    annotations(json, event, checkpoint);
    return json.endObject().withoutLast(2);
  }

  /** The field is required: without anybody it is an empty object, as kube-apiserver has it. */
  private static void user(AsciiJson json, Name field, @Nullable Identity identity) {
    json.beginObject(field);
    if (identity != null) {
      json.field(USERNAME, identity.username());
      String uid = identity.uid();
      if (uid != null) {
        json.field(UID, uid);
      }
      if (!identity.groups().isEmpty()) {
        json.field(GROUPS, identity.groups());
      }
      if (!identity.extra().isEmpty()) {
        json.beginObject(EXTRA);
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
    json.beginObject(OBJECT_REF);
    text(json, RESOURCE, info.resource());
    text(json, NAMESPACE, info.namespace());
    text(json, NAME, info.name());
    text(json, API_GROUP, info.apiGroup());
    text(json, API_VERSION, info.apiVersion());
    text(json, SUBRESOURCE, info.subresource());
    json.endObject();
  }

  private static void response(AsciiJson json, int code) {
    json.beginObject(RESPONSE_STATUS).beginObject(METADATA).endObject();
    if (code >= 400) {
      json.field(STATUS, "Failure");
    }
    json.field(CODE, code).endObject();
  }

  /** In order of their names: a checkpoint's line has to come out the same in another process. */
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
    json.beginObject(ANNOTATIONS);
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

  private static void text(AsciiJson json, Name field, String value) {
    if (!value.isEmpty()) {
      json.field(field, value);
    }
  }
}
