package dev.fairlead.auth.local;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/** How many calls a key may make in a minute; of a bounded number of keys, those used last. */
final class Rates {

  private static final Duration WINDOW = Duration.ofMinutes(1);

  private record Count(Instant since, int calls) {}

  private final int most;
  private final int capacity;
  private final InstantSource time;
  private final Map<String, Count> counts = new LinkedHashMap<>(16, 0.75f, true);

  Rates(int most, int capacity, InstantSource time) {
    this.most = most;
    this.capacity = capacity;
    this.time = time;
  }

  /**
   * Counts a call.
   *
   * @return by how much the key is above what it may; zero or less if it may
   */
  int over(String key) {
    Instant now = time.instant();
    synchronized (counts) {
      Count before = counts.get(key);
      Count after =
          before == null
                  || now.isBefore(before.since())
                  || !now.isBefore(before.since().plus(WINDOW))
              ? new Count(now, 1)
              : new Count(before.since(), Math.min(before.calls() + 1, most + 2));
      counts.put(key, after);
      if (counts.size() > capacity) {
        String eldest = counts.keySet().iterator().next();
        counts.remove(eldest);
      }
      return after.calls() - most;
    }
  }

  int size() {
    synchronized (counts) {
      return counts.size();
    }
  }
}
