package dev.fairlead.core.exchange;

import dev.fairlead.api.Time;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Calls at moments, with one timer for all that waits for the same thing. Moments are those of the
 * wall clock where a credential or a rule ends at one, and those of the clock that never jumps
 * where something may last so long. Safe for use by any thread.
 *
 * @param <T> what waits
 */
final class Deadlines<T> implements AutoCloseable {

  /** No timer is set further ahead than this, so that a wall clock that jumps is found out. */
  private static final Duration LONGEST_TIMER = Duration.ofMinutes(1);

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
  private final InstantSource clock;
  private final BiConsumer<T, Instant> onMoment;
  private final Map<Key, Waiting> waiting = new HashMap<>();
  private boolean closed;

  private Deadlines(Time time, InstantSource clock, BiConsumer<T, Instant> onMoment) {
    this.time = time;
    this.clock = clock;
    this.onMoment = onMoment;
  }

  /** Their moments are those of the wall clock. */
  static <T> Deadlines<T> ofTheDay(Time time, BiConsumer<T, Instant> onMoment) {
    return new Deadlines<>(time, time, onMoment);
  }

  /** Their moments are so long after {@link #now}, whatever becomes of the wall clock. */
  static <T> Deadlines<T> steady(Time time, Consumer<T> onMoment) {
    return new Deadlines<>(
        time,
        () -> Instant.EPOCH.plusNanos(time.nanoTime()),
        (member, moment) -> onMoment.accept(member));
  }

  /** The moment it is. */
  Instant now() {
    return clock.instant();
  }

  private Time.Scheduled schedule(Key key) {
    Duration left = Duration.between(now(), key.moment());
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
      if (now().isBefore(key.moment())) {
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
