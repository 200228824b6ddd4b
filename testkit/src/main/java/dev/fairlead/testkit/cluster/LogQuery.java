package dev.fairlead.testkit.cluster;

import dev.fairlead.testkit.cluster.object.ApiException;
import dev.fairlead.testkit.cluster.store.LogRing;
import dev.fairlead.testkit.cluster.wire.WireRequest;
import java.time.Clock;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.stream.Collectors;

/** Which lines of a log are wanted, and how. */
record LogQuery(long tail, Instant since, boolean timestamps) {

  static LogQuery of(WireRequest request, Clock clock) {
    Instant since = Instant.MIN;
    String seconds = request.parameter("sinceSeconds").orElse("");
    String time = request.parameter("sinceTime").orElse("");
    String tail = request.parameter("tailLines").orElse("");
    try {
      if (!seconds.isEmpty()) {
        since = clock.instant().minusSeconds(Long.parseLong(seconds));
      } else if (!time.isEmpty()) {
        since = Instant.parse(time);
      }
      return new LogQuery(
          tail.isEmpty() || tail.startsWith("-") ? Long.MAX_VALUE : Long.parseLong(tail),
          since,
          request.flag("timestamps"));
    } catch (NumberFormatException | DateTimeParseException e) {
      throw ApiException.badRequest(
          "unable to decode log options: sinceSeconds \"%s\", sinceTime \"%s\", tailLines \"%s\""
              .formatted(seconds, time, tail));
    }
  }

  /** {@return the sequence of the first line wanted} */
  long start(LogRing ring) {
    long end = ring.end();
    return tail >= end ? 0 : end - tail;
  }

  String format(LogRing.Line line) {
    return (timestamps ? line.time() + " " : "") + line.text() + "\n";
  }

  boolean wants(LogRing.Line line) {
    return !line.time().isBefore(since);
  }

  String read(LogRing ring) {
    return ring.from(start(ring), Integer.MAX_VALUE).stream()
        .filter(this::wants)
        .map(this::format)
        .collect(Collectors.joining());
  }
}
