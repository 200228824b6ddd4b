package dev.fairlead.api;

import org.jspecify.annotations.Nullable;

/**
 * An input, a configuration or a file is not what it has to be. The message lists every mistake
 * that was found.
 */
public final class InvalidException extends FairleadException {

  private static final long serialVersionUID = 1L;

  /**
   * Fails without a cause of its own.
   *
   * @param message what was found and what was expected, without secrets
   */
  public InvalidException(String message) {
    this(message, null);
  }

  /**
   * Fails because of something else.
   *
   * @param message what was found and what was expected, without secrets
   * @param cause why, or null
   */
  public InvalidException(String message, @Nullable Throwable cause) {
    super(Code.INVALID, message, cause);
  }
}
