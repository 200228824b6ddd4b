package dev.fairlead.core.exchange;

import dev.fairlead.api.InvalidException;
import java.util.ArrayList;
import java.util.List;

/**
 * How many exchanges may be under way at once, and may begin in a second; those beyond are refused
 * with 429 and {@code Retry-After}, and never queued. Every request counts, from the moment its
 * user is known to its end: a watch or an exec for as long as it lasts. How many one tunnel carries
 * is {@link dev.fairlead.core.http.LinkSettings#maxStreams}.
 *
 * <p>What tells whether a cluster lives, and the leases of its controllers, are held under no rate,
 * and may be under way up to an eighth beyond the others.
 *
 * @param perUser of one user name, to all clusters together; 1 to 1,000,000
 * @param perCluster to one cluster, through all its agents together; 1 to 1,000,000
 * @param userRate how many requests of one user name may begin in a second, with a second's worth
 *     at once; 1 to 1,000,000
 * @param clusterRate how many requests to one cluster may; 1 to 1,000,000
 */
public record ExchangeLimits(int perUser, int perCluster, int userRate, int clusterRate) {

  private static final int MOST = 1_000_000;
  private static final int USER_RATE = 10_000;
  private static final int CLUSTER_RATE = 20_000;

  /**
   * Checks the parts.
   *
   * @throws InvalidException if one is out of range; the message lists every mistake
   */
  public ExchangeLimits {
    List<String> mistakes = new ArrayList<>();
    check("perUser", perUser, mistakes);
    check("perCluster", perCluster, mistakes);
    check("userRate", userRate, mistakes);
    check("clusterRate", clusterRate, mistakes);
    if (!mistakes.isEmpty()) {
      throw new InvalidException(String.join("; ", mistakes));
    }
  }

  /**
   * Limits of what is under way, with the rates of {@link #defaults}.
   *
   * @param perUser of one user name, to all clusters together; 1 to 1,000,000
   * @param perCluster to one cluster, through all its agents together; 1 to 1,000,000
   */
  public ExchangeLimits(int perUser, int perCluster) {
    this(perUser, perCluster, USER_RATE, CLUSTER_RATE);
  }

  private static void check(String name, int value, List<String> mistakes) {
    if (value < 1 || value > MOST) {
      mistakes.add(name + ": " + value + " (expected: 1 to " + MOST + ")");
    }
  }

  /**
   * 800 of a user, so that no user fills a tunnel alone, and 4,000 to a cluster; 10,000 and 20,000
   * in a second.
   *
   * @return the limits for those who have no wishes
   */
  public static ExchangeLimits defaults() {
    return new ExchangeLimits(800, 4_000);
  }
}
