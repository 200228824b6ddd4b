package dev.fairlead.core.exchange;

import dev.fairlead.api.InvalidException;
import java.util.ArrayList;
import java.util.List;

/**
 * How many exchanges may be under way at once; those beyond are refused with 429 and never queued.
 * Every request counts, from the moment its user is known to its end: a watch or an exec for as
 * long as it lasts. How many one tunnel carries is {@link
 * dev.fairlead.core.http.LinkSettings#maxStreams}.
 *
 * @param perUser of one user name, to all clusters together; 1 to 1,000,000
 * @param perCluster to one cluster, through all its agents together; 1 to 1,000,000
 */
public record ExchangeLimits(int perUser, int perCluster) {

  private static final int MOST = 1_000_000;

  /**
   * Checks the parts.
   *
   * @throws InvalidException if one is out of range; the message lists every mistake
   */
  public ExchangeLimits {
    List<String> mistakes = new ArrayList<>();
    check("perUser", perUser, mistakes);
    check("perCluster", perCluster, mistakes);
    if (!mistakes.isEmpty()) {
      throw new InvalidException(String.join("; ", mistakes));
    }
  }

  private static void check(String name, int value, List<String> mistakes) {
    if (value < 1 || value > MOST) {
      mistakes.add(name + ": " + value + " (expected: 1 to " + MOST + ")");
    }
  }

  /**
   * 800 of a user, so that no user fills a tunnel alone, and 4,000 to a cluster.
   *
   * @return the limits for those who have no wishes
   */
  public static ExchangeLimits defaults() {
    return new ExchangeLimits(800, 4_000);
  }
}
