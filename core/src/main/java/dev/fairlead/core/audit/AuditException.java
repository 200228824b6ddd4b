package dev.fairlead.core.audit;

import org.jspecify.annotations.Nullable;

/** An audit event was not written: the sink is full, failed or closed. */
public final class AuditException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * An event that was not written.
   *
   * @param message why
   * @param cause what went wrong, or null
   */
  public AuditException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
