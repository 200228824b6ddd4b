package dev.fairlead.auth.local;

import dev.fairlead.api.LimitException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Counts failures by key, and locks a key that has too many: for a minute, then for twice as long
 * with each further failure. What is under way counts as failed until it is known, so that many
 * guesses at once are no way around. Failures are forgotten an hour after the first one. At most so
 * many keys are kept; the ones unused for longest are forgotten first.
 */
final class Attempts {

  private static final Duration FORGOTTEN = Duration.ofHours(1);
  private static final int MOST_DOUBLINGS = 4;

  private final String of;
  private final int most;
  private final int capacity;
  private final Duration lock;
  private final InstantSource time;
  private final Map<String, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

  private static final class Entry {
    private int failures;
    private int pending;
    private Instant lockedUntil = Instant.MIN;
    private Instant failingSince = Instant.MIN;
  }

  /** One attempt under way; its end is told once. */
  final class Attempt {
    private final Entry entry;

    private Attempt(Entry entry) {
      this.entry = entry;
    }

    void succeeded() {
      synchronized (entries) {
        entry.pending--;
        entry.failures = 0;
        entry.lockedUntil = Instant.MIN;
      }
    }

    void failed() {
      synchronized (entries) {
        entry.pending--;
        if (entry.failures++ == 0) {
          entry.failingSince = time.instant();
        }
        int beyond = entry.failures - most;
        if (beyond >= 0) {
          entry.lockedUntil =
              time.instant().plus(lock.multipliedBy(1L << Math.min(beyond, MOST_DOUBLINGS)));
        }
      }
    }

    /** It neither succeeded nor failed. */
    void abandoned() {
      synchronized (entries) {
        entry.pending--;
      }
    }
  }

  /**
   * Makes counters.
   *
   * @param of whose failures, for messages
   * @param most how many failures are borne
   * @param capacity how many keys are kept
   * @param lock the first lock
   */
  Attempts(String of, int most, int capacity, Duration lock, InstantSource time) {
    this.of = of;
    this.most = most;
    this.capacity = capacity;
    this.lock = lock;
    this.time = time;
  }

  /**
   * Begins an attempt.
   *
   * @throws LimitException if the key is locked, or has too much under way
   */
  Attempt begin(String key) {
    Instant now = time.instant();
    synchronized (entries) {
      Entry entry = entries.computeIfAbsent(key, absent -> new Entry());
      forgetEldest();
      if (!now.isBefore(entry.lockedUntil) && entry.failingSince.isBefore(now.minus(FORGOTTEN))) {
        entry.failures = 0;
      }
      // Once a lock is over there is one attempt, and not as many as before.
      int borne = Math.max(1, most - entry.failures);
      if (now.isBefore(entry.lockedUntil) || entry.pending >= borne) {
        throw new LimitException(
            "sign-in: too many failures of "
                + of
                + " (expected: fewer; try again in some minutes)");
      }
      entry.pending++;
      return new Attempt(entry);
    }
  }

  private void forgetEldest() {
    if (entries.size() > capacity) {
      String eldest = entries.keySet().iterator().next();
      entries.remove(eldest);
    }
  }

  int size() {
    synchronized (entries) {
      return entries.size();
    }
  }
}
