package dev.fairlead.core.audit;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.Identity;
import dev.fairlead.api.audit.AuditEvent;
import dev.fairlead.core.request.KubernetesRequest;
import dev.fairlead.core.request.RequestTarget;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Events to write. */
final class AuditEvents {

  private AuditEvents() {}

  static AuditEvent event(String id, String target) {
    return event(id, target, "kubectl/v1.33", Map.of());
  }

  static AuditEvent event(
      String id, String target, String userAgent, Map<String, String> annotations) {
    return AuditEvent.received(
            id,
            "GET",
            target,
            KubernetesRequest.of("GET", RequestTarget.parse(target)).info(),
            Instant.parse("2026-07-31T10:00:00Z"))
        .on(ClusterName.of("prod-eu"))
        .by(
            new Identity(
                "jane", "7", List.of("payments", "ops"), Map.of("scope", List.of("a", "b"))),
            null)
        .from("203.0.113.9", userAgent)
        .reached(
            AuditEvent.Stage.REQUEST_RECEIVED,
            Instant.parse("2026-07-31T10:00:00.001234567Z"),
            null,
            annotations);
  }

  static AuditEvent completed(AuditEvent event, int code) {
    return event.reached(AuditEvent.Stage.RESPONSE_COMPLETE, event.at(), code, event.annotations());
  }
}
