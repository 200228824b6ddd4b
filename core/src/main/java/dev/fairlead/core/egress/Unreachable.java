package dev.fairlead.core.egress;

import dev.fairlead.api.FairleadException;
import dev.fairlead.api.TransportException;
import dev.fairlead.api.UnauthenticatedException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Why a hub cannot be reached, in a sentence that says what to look at. */
public final class Unreachable {

  /** TLS alerts (RFC 8446, 6.2) by which a hub refuses the agent's certificate. */
  private static final Pattern REFUSED_CERTIFICATE =
      Pattern.compile(
          "alert.*(bad.certificate|unsupported.certificate|certificate.revoked|certificate.expired"
              + "|certificate.unknown|unknown.ca|access.denied|certificate.required)");

  private static final int LONGEST_CHAIN = 16;

  private Unreachable() {}

  /**
   * Names the cause, if it is a known one.
   *
   * @param address host and port that were dialled
   * @param failure what the connection failed with
   * @return a failure with a sentence, or empty
   */
  public static Optional<FairleadException> explain(String address, @Nullable Throwable failure) {
    FairleadException known = find(failure, FairleadException.class);
    if (known != null) {
      return Optional.of(known);
    }
    String sentence;
    if (find(failure, UnknownHostException.class) != null
        || find(failure, UnresolvedAddressException.class) != null) {
      sentence = ": unknown host (is the name right?)";
    } else if (find(failure, NoRouteToHostException.class) != null) {
      sentence = ": no route to the host";
    } else if (find(failure, ConnectException.class) != null) {
      sentence = notConnected(find(failure, ConnectException.class));
    } else {
      SSLException tls = find(failure, SSLException.class);
      return tls == null ? Optional.empty() : Optional.of(tls(address, tls));
    }
    return Optional.of(new TransportException(address + sentence, failure));
  }

  private static String notConnected(@Nullable ConnectException failure) {
    String reason = failure == null ? "" : String.valueOf(failure.getMessage());
    if (failure != null && failure.getClass().getSimpleName().contains("Proxy")) {
      // What Netty, shaded or not, makes of a proxy's answer; it names no password.
      return ": the proxy did not let the agent through"
          + (reason.contains("status: 407") ? ", it wants the right user and password: " : ": ")
          + reason;
    }
    return reason.contains("timed out")
        ? ": no answer in time (is a firewall between?)"
        : ": connection refused (is the hub running?)";
  }

  private static FairleadException tls(String address, SSLException failure) {
    String message = String.valueOf(failure.getMessage());
    if (REFUSED_CERTIFICATE.matcher(message.toLowerCase(Locale.ROOT)).find()) {
      return new UnauthenticatedException(
          address + ": the hub does not accept the agent's certificate: " + message, failure);
    }
    return new TransportException(
        address + ": TLS failed (is this the hub that the agent was installed for?): " + message,
        failure);
  }

  private static <T extends Throwable> @Nullable T find(
      @Nullable Throwable failure, Class<T> kind) {
    Throwable next = failure;
    for (int depth = 0; next != null && depth < LONGEST_CHAIN; depth++) {
      if (kind.isInstance(next)) {
        return kind.cast(next);
      }
      next = next.getCause();
    }
    return null;
  }
}
