package dev.fairlead.core.inner;

import dev.fairlead.api.FairleadException;
import dev.fairlead.api.InvalidException;
import dev.fairlead.api.LimitException;
import dev.fairlead.api.TransportException;
import dev.fairlead.api.UnauthenticatedException;
import java.nio.charset.StandardCharsets;

/** Failures on their way to the peer: Fairlead's own messages are made to be read, no others. */
final class InnerFailure {

  private static final int OTHER = 0;
  private static final int UNAUTHENTICATED = 1;
  private static final int INVALID = 2;
  private static final int LIMIT = 3;
  private static final int LONGEST = 1_000;

  private InnerFailure() {}

  static byte[] encode(Throwable failure) {
    int kind = OTHER;
    String text = "the peer broke the pipe";
    if (failure instanceof FairleadException known) {
      text = String.valueOf(known.getMessage());
      kind =
          switch (known.code()) {
            case UNAUTHENTICATED -> UNAUTHENTICATED;
            case INVALID -> INVALID;
            case LIMIT -> LIMIT;
            default -> OTHER;
          };
    }
    byte[] message =
        text.substring(0, Math.min(text.length(), LONGEST)).getBytes(StandardCharsets.UTF_8);
    byte[] encoded = new byte[message.length + 1];
    encoded[0] = (byte) kind;
    System.arraycopy(message, 0, encoded, 1, message.length);
    return encoded;
  }

  /** An agent learns why it was refused; agents refuse nobody. */
  static FairleadException decode(byte[] encoded, boolean agent) {
    int kind = encoded.length == 0 ? OTHER : encoded[0];
    String text =
        encoded.length == 0
            ? "no reason"
            : new String(encoded, 1, encoded.length - 1, StandardCharsets.UTF_8);
    if (!agent) {
      return new TransportException("the agent closed the pipe: " + text);
    }
    return switch (kind) {
      case UNAUTHENTICATED -> new UnauthenticatedException(text);
      case INVALID -> new InvalidException(text);
      case LIMIT -> new LimitException(text);
      default -> new TransportException("the hub closed the pipe: " + text);
    };
  }
}
