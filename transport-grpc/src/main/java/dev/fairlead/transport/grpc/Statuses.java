package dev.fairlead.transport.grpc;

import dev.fairlead.api.FairleadException;
import dev.fairlead.api.InvalidException;
import dev.fairlead.api.LimitException;
import dev.fairlead.api.TransportException;
import dev.fairlead.api.UnauthenticatedException;
import dev.fairlead.core.egress.Unreachable;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/** The one table of failures and gRPC statuses, in both directions. */
final class Statuses {

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
    String detail = cause == null || cause.getMessage() == null ? "" : ": " + cause.getMessage();
    return Unreachable.explain(hub, cause)
        .orElseGet(() -> new TransportException(hub + ": " + said + detail, cause));
  }
}
