package dev.fairlead.core.exchange;

import dev.fairlead.api.InvalidException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What of requests is recorded in the audit trail, beside that they came and how they ended.
 *
 * @param every how often a request that lasts is recorded while it runs; 1 s to 1 day
 * @param commands whether the commands of {@code exec} are recorded as they are, though they may
 *     hold secrets; otherwise they are masked
 * @param refusals how many requests and agents that are refused before anybody is known are
 *     recorded, a minute; 1 to 1,000,000. Those beyond are counted, and the count is recorded with
 *     the next one, so that nobody fills a disk from outside
 */
public record Recording(Duration every, boolean commands, int refusals) {

  private static final int MOST = 1_000_000;

  /**
   * Checks the parts.
   *
   * @throws InvalidException if one is out of range; the message lists every mistake
   */
  public Recording {
    List<String> mistakes = new ArrayList<>();
    if (every.compareTo(Duration.ofSeconds(1)) < 0 || every.compareTo(Duration.ofDays(1)) > 0) {
      mistakes.add("every: " + every + " (expected: PT1S to PT24H)");
    }
    if (refusals < 1 || refusals > MOST) {
      mistakes.add("refusals: " + refusals + " (expected: 1 to " + MOST + ")");
    }
    if (!mistakes.isEmpty()) {
      throw new InvalidException("recording: " + String.join("; ", mistakes));
    }
  }

  /**
   * For those who have no wishes: every 5 minutes, commands masked, 600 early refusals a minute.
   *
   * @return what is recorded
   */
  public static Recording defaults() {
    return new Recording(Duration.ofMinutes(5), false, 600);
  }

  /**
   * The same with another interval.
   *
   * @param interval how often a request that lasts is recorded while it runs
   * @return what is recorded
   */
  public Recording withEvery(Duration interval) {
    return new Recording(interval, commands, refusals);
  }

  /**
   * The same with or without commands.
   *
   * @param recorded whether the commands of {@code exec} are recorded as they are
   * @return what is recorded
   */
  public Recording withCommands(boolean recorded) {
    return new Recording(every, recorded, refusals);
  }

  /**
   * The same with another limit.
   *
   * @param perMinute how many early refusals are recorded a minute
   * @return what is recorded
   */
  public Recording withRefusals(int perMinute) {
    return new Recording(every, commands, perMinute);
  }
}
