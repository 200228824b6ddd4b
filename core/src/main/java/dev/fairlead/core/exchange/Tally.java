package dev.fairlead.core.exchange;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Counts what is under way for each key, up to a cap; it knows no key for which there is nothing.
 * Safe for use by any thread, without waiting.
 *
 * @param <K> what is counted by
 */
final class Tally<K> {

  private final ConcurrentMap<K, Integer> counts = new ConcurrentHashMap<>();
  private final int most;

  Tally(int most) {
    this.most = most;
  }

  int most() {
    return most;
  }

  /** Counts one more, unless there are as many as may be. */
  boolean take(K key) {
    return take(key, most);
  }

  /** The same with another cap. */
  boolean take(K key, int atMost) {
    while (true) {
      Integer present = counts.get(key);
      if (present == null) {
        if (counts.putIfAbsent(key, 1) == null) {
          return true;
        }
      } else if (present >= atMost) {
        return false;
      } else if (counts.replace(key, present, present + 1)) {
        return true;
      }
    }
  }

  /** Gives back what {@link #take} counted. */
  void release(K key) {
    counts.computeIfPresent(key, (same, present) -> present == 1 ? null : present - 1);
  }

  /** How many keys there is something for. */
  int keys() {
    return counts.size();
  }
}
