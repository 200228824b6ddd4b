package dev.fairlead.api;

import org.jspecify.annotations.Nullable;

/** The caller is known but may not do that. The message names who, what and where. */
public final class ForbiddenException extends FairleadException {

  private static final long serialVersionUID = 1L;

  /**
   * Fails without a cause of its own.
   *
   * @param message what was found and what was expected, without secrets
   */
  public ForbiddenException(String message) {
    this(message, null);
  }

  /**
   * Fails because of something else.
   *
   * @param message what was found and what was expected, without secrets
   * @param cause why, or null
   */
  public ForbiddenException(String message, @Nullable Throwable cause) {
    super(Code.FORBIDDEN, message, cause);
  }
}
