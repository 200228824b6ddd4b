package dev.fairlead.testkit.audit;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.Identity;
import dev.fairlead.api.RequestInfo;
import dev.fairlead.api.audit.AuditEvent;
import dev.fairlead.api.audit.AuditEvent.Stage;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Events for the kits. */
final class SampleEvents {

  static final Instant NOON = Instant.parse("2026-07-31T12:00:00.123456Z");

  private SampleEvents() {}

  static AuditEvent received(String id) {
    return of(id, "jane", "prod-eu", "get", NOON);
  }

  static AuditEvent completed(String id, int code) {
    return completed(received(id), code);
  }

  static AuditEvent completed(AuditEvent event, int code) {
    return event.reached(
        Stage.RESPONSE_COMPLETE, event.at(), code, Map.of("fairlead.dev/decision", "allow"));
  }

  static AuditEvent of(String id, String user, String cluster, String verb, Instant at) {
    String path = "/api/v1/namespaces/shop/pods/cart-0";
    RequestInfo info = new RequestInfo(true, path, verb, "", "v1", "shop", "pods", "", "cart-0");
    return AuditEvent.received(id, "GET", path + "?pretty=true", info, at)
        .on(ClusterName.of(cluster))
        .by(
            new Identity(user, "7", List.of("payments", "ops"), Map.of("scope", List.of("a", "b"))),
            null)
        .from("203.0.113.9", "kubectl/v1.33");
  }

  static AuditEvent hostile(String id) {
    String text = "x\"}\r\n{\"kind\":\"Event\"}\u0000\u001b[2J\u2028\u00e9\u202e";
    return received(id)
        .from("203.0.113.9", text)
        .reached(Stage.REQUEST_RECEIVED, NOON, null, Map.of("example.com/" + text, text));
  }
}
