package dev.fairlead.api;

import org.jspecify.annotations.Nullable;

/** There is no cluster, token or agent with that name. */
public final class NotFoundException extends FairleadException {

  private static final long serialVersionUID = 1L;

  /**
   * Fails without a cause of its own.
   *
   * @param message what was found and what was expected, without secrets
   */
  public NotFoundException(String message) {
    this(message, null);
  }

  /**
   * Fails because of something else.
   *
   * @param message what was found and what was expected, without secrets
   * @param cause why, or null
   */
  public NotFoundException(String message, @Nullable Throwable cause) {
    super(Code.NOT_FOUND, message, cause);
  }
}
