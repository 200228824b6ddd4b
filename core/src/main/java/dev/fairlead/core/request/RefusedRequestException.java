package dev.fairlead.core.request;

import dev.fairlead.core.status.StatusReason;
import java.util.Objects;

/**
 * A request that must not go any further: its target, method or address is not one the hub serves.
 * The message says what was found and what was expected; it never repeats a query string, which may
 * hold a secret, and shows what it does repeat in printable ASCII.
 *
 * <p>Carries no stack trace: hostile input must not be expensive.
 */
public final class RefusedRequestException extends RuntimeException {

  private static final long serialVersionUID = 1L;
  private static final int SHOWN = 64;

  private final StatusReason reason;

  RefusedRequestException(StatusReason reason, String message) {
    super(message, null, false, false);
    this.reason = Objects.requireNonNull(reason, "reason");
  }

  /**
   * A request that could not be understood.
   *
   * @param message what was found and what was expected
   * @return a refusal with code 400
   */
  public static RefusedRequestException badRequest(String message) {
    return new RefusedRequestException(StatusReason.BAD_REQUEST, message);
  }

  static RefusedRequestException notFound(String message) {
    return new RefusedRequestException(StatusReason.NOT_FOUND, message);
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
   * Why the request was refused.
   *
   * @return {@link StatusReason#BAD_REQUEST}, {@link StatusReason#NOT_FOUND} or {@link
   *     StatusReason#METHOD_NOT_ALLOWED}
   */
  public StatusReason reason() {
    return reason;
  }

  /**
   * The HTTP status code to answer with.
   *
   * @return 400, 404 or 405
   */
  public int code() {
    return reason.code();
  }

  /** What was found, quoted, cut to a length fit for a message and free of anything unprintable. */
  static String shown(String found) {
    StringBuilder out = new StringBuilder(Math.min(found.length(), SHOWN) + 2).append('"');
    for (int i = 0; i < found.length(); i++) {
      if (i == SHOWN) {
        out.append("...");
        break;
      }
      char c = found.charAt(i);
      if (c > 0x20 && c < 0x7f && c != '"') {
        out.append(c);
      } else {
        out.append("\\u").append(String.format("%04x", (int) c));
      }
    }
    return out.append('"').toString();
  }
}
