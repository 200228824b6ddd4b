package dev.fairlead.transport.websocket;

import dev.fairlead.api.FairleadException;
import dev.fairlead.api.InvalidException;
import dev.fairlead.api.LimitException;
import dev.fairlead.api.TransportException;
import dev.fairlead.api.UnauthenticatedException;
import java.nio.charset.StandardCharsets;

/**
 * The one table of failures and status codes of Close frames (RFC 6455, 7.4), in both directions;
 * codes from 4000 on are an application's own.
 */
final class CloseCode {

  static final int NORMAL = 1000;
  static final int GOING_AWAY = 1001;
  static final int PROTOCOL_ERROR = 1002;
  static final int UNSUPPORTED_DATA = 1003;
  static final int NO_STATUS = 1005;
  static final int INTERNAL_ERROR = 1011;
  static final int INVALID = 4400;
  static final int UNAUTHENTICATED = 4401;
  static final int LIMIT = 4429;

  private static final int LONGEST_REASON = 123;

  private CloseCode() {}

  /** What the peer is told: Fairlead's own messages are made to be read, others stay inside. */
  static int of(Throwable failure) {
    if (!(failure instanceof FairleadException known)) {
      return INTERNAL_ERROR;
    }
    return switch (known.code()) {
      case UNAUTHENTICATED -> UNAUTHENTICATED;
      case INVALID -> INVALID;
      case LIMIT -> LIMIT;
      default -> GOING_AWAY;
    };
  }

  /** At most 123 bytes of UTF-8, cut between characters. */
  static byte[] reason(Throwable failure) {
    String text =
        failure instanceof FairleadException
            ? String.valueOf(failure.getMessage())
            : "the peer broke the pipe";
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= LONGEST_REASON) {
      return bytes;
    }
    int end = LONGEST_REASON - 3;
    while ((bytes[end] & 0xc0) == 0x80) {
      end--;
    }
    byte[] cut = new byte[end + 3];
    System.arraycopy(bytes, 0, cut, 0, end);
    System.arraycopy("…".getBytes(StandardCharsets.UTF_8), 0, cut, end, 3);
    return cut;
  }

  /** What an agent makes of a hub's Close. */
  static FairleadException fromHub(int code, String reason) {
    return switch (code) {
      case UNAUTHENTICATED -> new UnauthenticatedException(reason);
      case INVALID -> new InvalidException(reason);
      case LIMIT -> new LimitException(reason);
      default -> broken("hub", code, reason);
    };
  }

  /** What a hub makes of an agent's Close: agents refuse nobody. */
  static FairleadException fromAgent(int code, String reason) {
    return broken("agent", code, reason);
  }

  private static TransportException broken(String who, int code, String reason) {
    return new TransportException(
        switch (code) {
          case NORMAL, NO_STATUS ->
              "the " + who + " closed the pipe before both directions had ended";
          default -> "the " + who + " closed the pipe: " + reason + " (code " + code + ")";
        });
  }
}
