package dev.fairlead.agent;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Counts how often another process with the same identity took over. Two would take turns for ever
 * and drain each other's exchanges; so whoever lost several times in a row gives way. That is the
 * elder of the two, as it was the first to lose, and as often happens while a new version is rolled
 * out, it is about to go anyway.
 */
final class Takeovers {

  static final int MOST = 3;
  static final Duration WITHIN = Duration.ofMinutes(10);

  private final Deque<Long> times = new ArrayDeque<>();

  /** Counts one more. */
  boolean isTooMany(long nanoTime) {
    times.addLast(nanoTime);
    while (nanoTime - times.getFirst() > WITHIN.toNanos()) {
      times.removeFirst();
    }
    return times.size() >= MOST;
  }
}
