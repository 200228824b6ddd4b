package dev.fairlead.api;

import org.jspecify.annotations.Nullable;

/** Something with that name, or in that state, exists already: nothing was changed. */
public final class ConflictException extends FairleadException {

  private static final long serialVersionUID = 1L;

  /**
   * Fails without a cause of its own.
   *
   * @param message what was found and what was expected, without secrets
   */
  public ConflictException(String message) {
    this(message, null);
  }

  /**
   * Fails because of something else.
   *
   * @param message what was found and what was expected, without secrets
   * @param cause why, or null
   */
  public ConflictException(String message, @Nullable Throwable cause) {
    super(Code.CONFLICT, message, cause);
  }
}
