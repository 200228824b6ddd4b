package dev.fairlead.core.audit;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.FairleadException;
import dev.fairlead.api.Identity;
import dev.fairlead.api.RequestInfo;
import dev.fairlead.api.audit.AuditEvent;
import dev.fairlead.core.json.JsonTree;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Makes of a line the event that it was made of. */
final class EventReader {

  private EventReader() {}

  /** The event; null if the line is none, or a checkpoint. */
  static @Nullable AuditEvent read(byte[] line) {
    try {
      return event(JsonTree.object(line));
    } catch (IOException | FairleadException | DateTimeException notOurs) {
      return null;
    }
  }

  private static @Nullable AuditEvent event(Map<String, Object> json) {
    AuditEvent.Stage stage = stage(JsonTree.textAt(json, "stage"));
    Map<String, String> annotations = texts(JsonTree.objectAt(json, "annotations"));
    if (stage == null || annotations.containsKey(ChainedLine.SIGNATURE)) {
      return null;
    }
    annotations.keySet().removeAll(ChainedLine.PLACE);
    String cluster = annotations.remove(EventJson.CLUSTER);
    String method = annotations.remove(EventJson.METHOD);
    return new AuditEvent(
        JsonTree.textAt(json, "auditID"),
        stage,
        method == null ? "" : method,
        JsonTree.textAt(json, "requestURI"),
        info(json),
        cluster == null ? null : ClusterName.of(cluster),
        identity(JsonTree.objectAt(json, "user")),
        identity(JsonTree.objectAt(json, "impersonatedUser")),
        JsonTree.textsAt(json, "sourceIPs"),
        JsonTree.textAt(json, "userAgent"),
        Instant.parse(JsonTree.textAt(json, "requestReceivedTimestamp")),
        Instant.parse(JsonTree.textAt(json, "stageTimestamp")),
        JsonTree.objectAt(json, "responseStatus").get("code") instanceof Long code
            ? Integer.valueOf(code.intValue())
            : null,
        annotations);
  }

  private static AuditEvent.@Nullable Stage stage(String name) {
    for (AuditEvent.Stage stage : AuditEvent.Stage.values()) {
      if (stage.kubernetesName().equals(name)) {
        return stage;
      }
    }
    return null;
  }

  private static RequestInfo info(Map<String, Object> json) {
    String uri = JsonTree.textAt(json, "requestURI");
    int question = uri.indexOf('?');
    String path = question < 0 ? uri : uri.substring(0, question);
    String verb = JsonTree.textAt(json, "verb");
    if (!(json.get("objectRef") instanceof Map<?, ?> object)) {
      return RequestInfo.nonResource(verb, path);
    }
    return new RequestInfo(
        true,
        path,
        verb,
        JsonTree.textAt(object, "apiGroup"),
        JsonTree.textAt(object, "apiVersion"),
        JsonTree.textAt(object, "namespace"),
        JsonTree.textAt(object, "resource"),
        JsonTree.textAt(object, "subresource"),
        JsonTree.textAt(object, "name"));
  }

  private static @Nullable Identity identity(Map<?, ?> json) {
    String username = JsonTree.textAt(json, "username");
    if (username.isEmpty()) {
      return null;
    }
    Map<String, List<String>> extra = new TreeMap<>();
    Map<?, ?> found = JsonTree.objectAt(json, "extra");
    for (Object key : found.keySet()) {
      extra.put(String.valueOf(key), JsonTree.textsAt(found, String.valueOf(key)));
    }
    String uid = JsonTree.textAt(json, "uid");
    return new Identity(
        username, uid.isEmpty() ? null : uid, JsonTree.textsAt(json, "groups"), extra);
  }

  private static Map<String, String> texts(Map<?, ?> json) {
    Map<String, String> texts = new HashMap<>();
    json.forEach(
        (key, value) -> {
          if (value instanceof String text) {
            texts.put(String.valueOf(key), text);
          }
        });
    return texts;
  }
}
