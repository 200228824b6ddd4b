package dev.fairlead.agent;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next try: a random part (full jitter) of a bound that doubles with
 * each try up to a cap, so that many agents whose hub restarts do not come back in step.
 */
final class Backoff {

  private static final int MOST_DOUBLINGS = 30;

  private final RandomGenerator random;
  private final Duration base;
  private final Duration cap;
  private int tries;

  Backoff(RandomGenerator random, Duration base, Duration cap) {
    this.random = random;
    this.base = base;
    this.cap = cap;
  }

  Duration next() {
    long bound = Math.min(base.toMillis() << Math.min(tries, MOST_DOUBLINGS), cap.toMillis());
    tries++;
    return Duration.ofMillis(random.nextLong(bound + 1));
  }

  void reset() {
    tries = 0;
  }
}
