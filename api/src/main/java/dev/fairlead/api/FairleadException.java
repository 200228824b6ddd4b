package dev.fairlead.api;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What Fairlead throws. There is one type per way of failing that a caller can act on; {@link
 * #code()} is for those who rather switch. Messages say what was found and what was expected, and
 * never hold a secret.
 */
public abstract sealed class FairleadException extends RuntimeException
    permits ConflictException,
        ForbiddenException,
        InvalidException,
        LimitException,
        NotFoundException,
        OfflineException,
        TimeoutException,
        TransportException,
        UnauthenticatedException {

  private static final long serialVersionUID = 1L;

  /** The ways of failing. */
  public enum Code {
    /** Something with that name, or in that state, exists already. */
    CONFLICT,
    /** The caller is known but not allowed to do that. */
    FORBIDDEN,
    /** The input is not what it has to be; trying again changes nothing. */
    INVALID,
    /** A limit is reached; later it may work. */
    LIMIT,
    /** There is no such thing. */
    NOT_FOUND,
    /** The cluster cannot be reached now. */
    OFFLINE,
    /** It took longer than it was given. */
    TIMEOUT,
    /** The network, or the peer on it, failed. */
    TRANSPORT,
    /** The caller did not prove who it is. */
    UNAUTHENTICATED
  }

  /** The way of failing. */
  private final Code code;

  FairleadException(Code code, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /**
   * What was found and what was expected; never null, unlike that of other exceptions.
   *
   * @return the message, without secrets
   */
  @Override
  public String getMessage() {
    return Objects.requireNonNullElse(super.getMessage(), "");
  }

  /**
   * The way of failing.
   *
   * @return the code that belongs to this type
   */
  public final Code code() {
    return code;
  }
}
