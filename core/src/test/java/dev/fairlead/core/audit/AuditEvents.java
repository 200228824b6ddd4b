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
    return new AuditEvent(
        id,
        AuditEvent.Stage.REQUEST_RECEIVED,
        "GET",
        target,
        ClusterName.of("prod-eu"),
        new Identity("jane", "7", List.of("payments", "ops"), Map.of("scope", List.of("a", "b"))),
        KubernetesRequest.of("GET", RequestTarget.parse(target)).info(),
        List.of("203.0.113.9"),
        userAgent,
        Instant.parse("2026-07-31T10:00:00Z"),
        Instant.parse("2026-07-31T10:00:00.001234567Z"),
        null,
        annotations);
  }

  static AuditEvent completed(AuditEvent event, int code) {
    return new AuditEvent(
        event.auditId(),
        AuditEvent.Stage.RESPONSE_COMPLETE,
        event.method(),
        event.requestUri(),
        event.cluster(),
        event.identity(),
        event.info(),
        event.sourceIps(),
        event.userAgent(),
        event.receivedAt(),
        event.at(),
        code,
        event.annotations());
  }
}
