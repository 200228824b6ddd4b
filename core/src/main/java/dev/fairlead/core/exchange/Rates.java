package dev.fairlead.core.exchange;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Holds each key under a rate, with one second's worth at once: the generic cell rate algorithm,
 * which needs one number a key. It forgets keys that have their whole burst again. Safe for use by
 * any thread, without waiting.
 *
 * @param <K> what is counted by
 */
final class Rates<K> {

  private static final long SECOND = 1_000_000_000L;

  /** Beyond as many keys, those that may be forgotten are looked for. */
  private static final int MANY_KEYS = 4_096;

  private final InstantSource clock;
  private final int perSecond;
  private final long interval;

  /** When the next of an even flow would be due, in nanoseconds of the epoch. */
  private final ConcurrentMap<K, Long> due = new ConcurrentHashMap<>();

  private final AtomicLong swept = new AtomicLong();

  Rates(int perSecond, InstantSource clock) {
    this.clock = clock;
    this.perSecond = perSecond;
    this.interval = SECOND / perSecond;
  }

  int perSecond() {
    return perSecond;
  }

  /** Counts one, unless there were too many just now. */
  boolean take(K key) {
    long now = now();
    boolean[] taken = new boolean[1];
    due.compute(
        key,
        (same, present) -> {
          // Further ahead than it can have got: the wall clock was set back.
          long at = present == null || present < now || present > now + 2 * SECOND ? now : present;
          taken[0] = at - now <= SECOND - interval;
          return taken[0] ? at + interval : at;
        });
    long before = swept.get();
    if (due.size() > MANY_KEYS && now - before > SECOND && swept.compareAndSet(before, now)) {
      due.values().removeIf(at -> at <= now);
    }
    return taken[0];
  }

  private long now() {
    Instant instant = clock.instant();
    return instant.getEpochSecond() * SECOND + instant.getNano();
  }

  /** How many keys it remembers. */
  int keys() {
    return due.size();
  }
}
