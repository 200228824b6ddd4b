package dev.fairlead.agent;

import dev.fairlead.api.UnauthenticatedException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The hub's no to an agent, found in what a tunnel failed with. */
final class Refusal {

  private static final int DEEPEST = 8;

  /**
   * That a certificate is not taken, as agent, transports and hub say it. It may be over, or yet to
   * come, by a clock that is wrong; TLS does not tell (RFC 8446, section 6.2).
   */
  private static final Pattern OF_CERTIFICATE =
      Pattern.compile("agent's certificate: |its certificate expired|client certificate refused: ");

  private Refusal() {}

  static @Nullable UnauthenticatedException in(Throwable cause) {
    Throwable at = cause;
    for (int depth = 0; at != null && depth < DEEPEST; depth++, at = at.getCause()) {
      if (at instanceof UnauthenticatedException refusal) {
        return refusal;
      }
    }
    return null;
  }

  /** Whether it can be over when clocks are right again, if the certificate was good before. */
  static boolean mayPass(UnauthenticatedException refusal) {
    return OF_CERTIFICATE.matcher(String.valueOf(refusal.getMessage())).find();
  }
}
