package dev.fairlead.core.drain;

import dev.fairlead.api.InvalidException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How long a hub or an agent that stops lets go on what is under way. Watches get none of it: they
 * are ended at once, between two of their events.
 *
 * @param requests for requests; what is left then is broken off. 0 to 1 hour
 * @param streams for exec, attach, port-forward and logs; what is left then is cancelled. 0 to 1
 *     hour
 */
public record DrainTimes(Duration requests, Duration streams) {

  private static final Duration LONGEST = Duration.ofHours(1);

  /**
   * Checks the parts.
   *
   * @throws InvalidException if one is out of range; the message lists every mistake
   */
  public DrainTimes {
    List<String> mistakes = new ArrayList<>();
    check("requests", requests, mistakes);
    check("streams", streams, mistakes);
    if (!mistakes.isEmpty()) {
      throw new InvalidException("drain: " + String.join("; ", mistakes));
    }
  }

  private static void check(String name, Duration value, List<String> mistakes) {
    if (value.isNegative() || value.compareTo(LONGEST) > 0) {
      mistakes.add(name + ": " + value + " (expected: 0 to 1 hour)");
    }
  }

  /**
   * 10 s for requests, 20 s for streams.
   *
   * @return the times for those who have no wishes
   */
  public static DrainTimes defaults() {
    return new DrainTimes(Duration.ofSeconds(10), Duration.ofSeconds(20));
  }

  /**
   * The same time for requests and streams.
   *
   * @param time 0 to 1 hour
   * @return the times
   */
  public static DrainTimes of(Duration time) {
    return new DrainTimes(time, time);
  }

  /**
   * When nothing is left.
   *
   * @return the longer of the two
   */
  public Duration longest() {
    return requests.compareTo(streams) > 0 ? requests : streams;
  }
}
