package dev.fairlead.api;

import org.jspecify.annotations.Nullable;

/**
 * No agent of the cluster is connected, or none of them reaches its API server. The message says
 * since when.
 */
public final class OfflineException extends FairleadException {

  private static final long serialVersionUID = 1L;

  /**
   * Fails without a cause of its own.
   *
   * @param message what was found and what was expected, without secrets
   */
  public OfflineException(String message) {
    this(message, null);
  }

  /**
   * Fails because of something else.
   *
   * @param message what was found and what was expected, without secrets
   * @param cause why, or null
   */
  public OfflineException(String message, @Nullable Throwable cause) {
    super(Code.OFFLINE, message, cause);
  }
}
