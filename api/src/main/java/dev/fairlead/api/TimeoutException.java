package dev.fairlead.api;

import org.jspecify.annotations.Nullable;

/** An operation took longer than it was given. */
public final class TimeoutException extends FairleadException {

  private static final long serialVersionUID = 1L;

  /**
   * Fails without a cause of its own.
   *
   * @param message what was found and what was expected, without secrets
   */
  public TimeoutException(String message) {
    this(message, null);
  }

  /**
   * Fails because of something else.
   *
   * @param message what was found and what was expected, without secrets
   * @param cause why, or null
   */
  public TimeoutException(String message, @Nullable Throwable cause) {
    super(Code.TIMEOUT, message, cause);
  }
}
