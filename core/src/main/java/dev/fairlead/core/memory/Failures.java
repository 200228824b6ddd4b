package dev.fairlead.core.memory;

import dev.fairlead.api.FairleadException;
import dev.fairlead.api.InvalidException;
import dev.fairlead.api.LimitException;
import dev.fairlead.api.TransportException;
import dev.fairlead.api.UnauthenticatedException;

/** Which failures of the hub reach an agent as they are: the same as over a network. */
final class Failures {

  private Failures() {}

  static FairleadException sameKind(FairleadException failure) {
    String message = String.valueOf(failure.getMessage());
    return switch (failure.code()) {
      case UNAUTHENTICATED -> new UnauthenticatedException(message, failure);
      case INVALID -> new InvalidException(message, failure);
      case LIMIT -> new LimitException(message, failure);
      default -> new TransportException(message, failure);
    };
  }
}
