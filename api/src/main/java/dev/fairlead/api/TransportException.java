package dev.fairlead.api;

import org.jspecify.annotations.Nullable;

/** The network, or the peer at its other end, failed. */
public final class TransportException extends FairleadException {

  private static final long serialVersionUID = 1L;

  /**
   * Fails without a cause of its own.
   *
   * @param message what was found and what was expected, without secrets
   */
  public TransportException(String message) {
    this(message, null);
  }

  /**
   * Fails because of something else.
   *
   * @param message what was found and what was expected, without secrets
   * @param cause why, or null
   */
  public TransportException(String message, @Nullable Throwable cause) {
    super(Code.TRANSPORT, message, cause);
  }
}
