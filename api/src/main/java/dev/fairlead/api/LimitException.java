package dev.fairlead.api;

import org.jspecify.annotations.Nullable;

/** A limit is reached, of streams, of rate or of size. */
public final class LimitException extends FairleadException {

  private static final long serialVersionUID = 1L;

  /**
   * Fails without a cause of its own.
   *
   * @param message what was found and what was expected, without secrets
   */
  public LimitException(String message) {
    this(message, null);
  }

  /**
   * Fails because of something else.
   *
   * @param message what was found and what was expected, without secrets
   * @param cause why, or null
   */
  public LimitException(String message, @Nullable Throwable cause) {
    super(Code.LIMIT, message, cause);
  }
}
