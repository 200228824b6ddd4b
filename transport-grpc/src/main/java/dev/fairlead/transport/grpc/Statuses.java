package dev.fairlead.transport.grpc;

import dev.fairlead.api.FairleadException;
import dev.fairlead.api.InvalidException;
import dev.fairlead.api.LimitException;
import dev.fairlead.api.TransportException;
import dev.fairlead.api.UnauthenticatedException;
import io.grpc.Status;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** The one table of failures and gRPC statuses, in both directions. */
final class Statuses {

  /** TLS alerts (RFC 8446, 6.2) by which a hub refuses the agent's certificate. */
  private static final Pattern REFUSED_CERTIFICATE =
      Pattern.compile(
          "alert.*(bad.certificate|unsupported.certificate|certificate.revoked|certificate.expired"
              + "|certificate.unknown|unknown.ca|access.denied|certificate.required)");

  private static final int LONGEST_CHAIN = 16;

  /** A status travels in a header, for which gRPC has 8 KiB, each character up to 9 bytes of it. */
  private static final int LONGEST_MESSAGE = 500;

  private Statuses() {}

  /** What the hub tells: Fairlead's own messages are made to be read, others stay inside. */
  static Status of(Throwable failure, String otherwise) {
    if (failure instanceof FairleadException known) {
      Status status =
          switch (known.code()) {
            case UNAUTHENTICATED -> Status.UNAUTHENTICATED;
            case INVALID -> Status.INVALID_ARGUMENT;
            case LIMIT -> Status.RESOURCE_EXHAUSTED;
            default -> Status.UNAVAILABLE;
          };
      return status.withDescription(shortened(String.valueOf(known.getMessage())));
    }
    return Status.INTERNAL.withDescription(otherwise);
  }

  private static String shortened(String message) {
    return message.length() <= LONGEST_MESSAGE
        ? message
        : message.substring(0, LONGEST_MESSAGE) + "…";
  }

  /** What the agent makes of it. */
  static FairleadException toFailure(String hub, Status status) {
    String description = status.getDescription();
    String said = description == null ? status.getCode().toString() : description;
    Throwable cause = status.getCause();
    return switch (status.getCode()) {
      case UNAUTHENTICATED -> new UnauthenticatedException(said, cause);
      case INVALID_ARGUMENT -> new InvalidException(said, cause);
      case RESOURCE_EXHAUSTED -> new LimitException(said, cause);
      case UNIMPLEMENTED ->
          new TransportException(
              hub + ": no agent service there (expected: a Fairlead hub's address)", cause);
      case DEADLINE_EXCEEDED -> new TransportException(hub + ": no answer in time: " + said, cause);
      default -> unreachable(hub, said, cause);
    };
  }

  private static FairleadException unreachable(String hub, String said, @Nullable Throwable cause) {
    if (find(cause, UnknownHostException.class, UnresolvedAddressException.class) != null) {
      return new TransportException(hub + ": unknown host (is the name right?)", cause);
    }
    if (find(cause, NoRouteToHostException.class) != null) {
      return new TransportException(hub + ": no route to the host", cause);
    }
    if (find(cause, ConnectException.class) != null) {
      return new TransportException(hub + ": connection refused (is the hub running?)", cause);
    }
    Throwable tls = find(cause, SSLException.class);
    if (tls != null) {
      String message = String.valueOf(tls.getMessage());
      if (REFUSED_CERTIFICATE.matcher(message.toLowerCase(Locale.ROOT)).find()) {
        return new UnauthenticatedException(
            hub + ": the hub does not accept the agent's certificate: " + message, cause);
      }
      return new TransportException(
          hub + ": TLS failed (is this the hub that the agent was installed for?): " + message,
          cause);
    }
    String detail = cause == null || cause.getMessage() == null ? "" : ": " + cause.getMessage();
    return new TransportException(hub + ": " + said + detail, cause);
  }

  @SafeVarargs
  private static @Nullable Throwable find(
      @Nullable Throwable failure, Class<? extends Throwable>... kinds) {
    Throwable next = failure;
    for (int depth = 0; next != null && depth < LONGEST_CHAIN; depth++) {
      for (Class<? extends Throwable> kind : kinds) {
        if (kind.isInstance(next)) {
          return next;
        }
      }
      next = next.getCause();
    }
    return null;
  }
}
