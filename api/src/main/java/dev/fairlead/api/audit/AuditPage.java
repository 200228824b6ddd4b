package dev.fairlead.api.audit;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some of the events that were looked for.
 *
 * @param events the events, newest first; there may be fewer than asked for, or none, though more
 *     follow
 * @param continueToken for {@link AuditQuery#after}, or null if no more follow
 */
public record AuditPage(List<AuditEvent> events, @Nullable String continueToken) {

  /**
   * Copies the parts.
   *
   * @param events the events, newest first
   * @param continueToken for {@link AuditQuery#after}, or null if no more follow
   */
  public AuditPage {
    events = List.copyOf(events);
  }
}
