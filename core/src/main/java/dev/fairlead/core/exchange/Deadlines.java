package dev.fairlead.core.exchange;

import dev.fairlead.api.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Calls at moments of the wall clock, with one timer for all that waits for the same thing. Safe
 * for use by any thread.
 *
 * @param <T> what waits
 */
final class Deadlines<T> implements AutoCloseable {

  /** No timer of a hub is set further ahead than this; it is set again then. */
  private static final Duration LONGEST_TIMER = Duration.ofDays(30);

  /** What is waited for: the moment, and whose it is. */
  private record Key(Instant moment, String whose) {}

  private final class Waiting {
    private final Set<T> members = new HashSet<>();
    private Time.Scheduled timer;

    Waiting(Key key) {
      timer = schedule(key);
    }
  }

  private final Time time;
  private final BiConsumer<T, Instant> onMoment;
  private final Map<Key, Waiting> waiting = new HashMap<>();
  private boolean closed;

  Deadlines(Time time, BiConsumer<T, Instant> onMoment) {
    this.time = time;
    this.onMoment = onMoment;
  }

  private Time.Scheduled schedule(Key key) {
    Duration left = Duration.between(time.instant(), key.moment());
    return time.schedule(left.compareTo(LONGEST_TIMER) < 0 ? left : LONGEST_TIMER, () -> come(key));
  }

  /**
   * Waits.
   *
   * @return takes it out again
   */
  Runnable add(Instant moment, String whose, T member) {
    Key key = new Key(moment, whose);
    synchronized (this) {
      if (!closed) {
        waiting.computeIfAbsent(key, Waiting::new).members.add(member);
      }
    }
    return () -> remove(key, member);
  }

  private synchronized void remove(Key key, T member) {
    Waiting present = waiting.get(key);
    if (present != null && present.members.remove(member) && present.members.isEmpty()) {
      waiting.remove(key);
      present.timer.cancel();
    }
  }

  private void come(Key key) {
    List<T> due;
    synchronized (this) {
      Waiting present = waiting.get(key);
      if (present == null) {
        return;
      }
      if (time.instant().isBefore(key.moment())) {
        present.timer = schedule(key);
        return;
      }
      waiting.remove(key);
      due = List.copyOf(present.members);
    }
    due.forEach(member -> onMoment.accept(member, key.moment()));
  }

  @Override
  public synchronized void close() {
    closed = true;
    waiting.values().forEach(present -> present.timer.cancel());
    waiting.clear();
  }
}
