package dev.fairlead.core.authorization;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A condition ready for decisions. */
final class CompiledCondition {

  private final Network[] networks;
  private final Hours[] hours;
  private final ZoneId zone;

  CompiledCondition(Condition condition) {
    networks = condition.networks().stream().map(Network::parse).toArray(Network[]::new);
    hours = condition.hours().stream().map(Hours::parse).toArray(Hours[]::new);
    zone = condition.timeZone().isEmpty() ? ZoneOffset.UTC : ZoneId.of(condition.timeZone());
  }

  boolean holds(Question question, boolean unknownAddress) {
    return isFrom(question, unknownAddress) && isDuring(question.at());
  }

  private boolean isFrom(Question question, boolean unknownAddress) {
    if (networks.length == 0) {
      return true;
    }
    byte[] address = question.address();
    if (address == null) {
      return unknownAddress;
    }
    for (Network network : networks) {
      if (network.contains(address)) {
        return true;
      }
    }
    return false;
  }

  private boolean isDuring(Instant at) {
    if (hours.length == 0) {
      return true;
    }
    ZonedDateTime local = at.atZone(zone);
    for (Hours some : hours) {
      if (some.contain(local)) {
        return true;
      }
    }
    return false;
  }

  /** When hours begin or end next, or null if there are none. */
  @Nullable Instant nextChange(Instant after) {
    Instant next = null;
    for (Hours some : hours) {
      next = earlier(next, some.nextChange(after, zone));
    }
    return next;
  }

  static @Nullable Instant earlier(@Nullable Instant one, @Nullable Instant other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one.isBefore(other) ? one : other;
  }

  /** Why it does not hold, in words. */
  List<String> misses(Question question, Condition source, boolean unknownAddress) {
    List<String> misses = new ArrayList<>();
    if (!isFrom(question, unknownAddress)) {
      String from = question.request.sourceIp();
      misses.add(
          Misses.of("networks", source.networks(), from.isEmpty() ? "within the process" : from));
    }
    if (!isDuring(question.at())) {
      misses.add(
          Misses.of(
              "hours",
              source.hours(),
              question.at().atZone(zone).withNano(0).toLocalDateTime() + " in " + zone));
    }
    return misses;
  }
}
