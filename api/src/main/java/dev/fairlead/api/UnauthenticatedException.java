package dev.fairlead.api;

import org.jspecify.annotations.Nullable;

/** A token or certificate is missing, unknown, expired, used up or revoked. */
public final class UnauthenticatedException extends FairleadException {

  private static final long serialVersionUID = 1L;

  /**
   * Fails without a cause of its own.
   *
   * @param message what was found and what was expected, without secrets
   */
  public UnauthenticatedException(String message) {
    this(message, null);
  }

  /**
   * Fails because of something else.
   *
   * @param message what was found and what was expected, without secrets
   * @param cause why, or null
   */
  public UnauthenticatedException(String message, @Nullable Throwable cause) {
    super(Code.UNAUTHENTICATED, message, cause);
  }
}
