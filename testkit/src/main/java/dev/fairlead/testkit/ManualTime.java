package dev.fairlead.testkit;

import dev.fairlead.api.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Time that stands still until a test moves it. Tasks run in {@link #advance}, on the thread that
 * calls it, in the order of their moments and, for the same moment, in the order in which they were
 * scheduled; each sees the time it was scheduled for. Safe for use by any thread; one {@link
 * #advance} waits for another.
 */
public final class ManualTime implements Time {

  /** What {@link #create} begins with. */
  public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private record Task(long atNanos, long order, Runnable work) {
    static final Comparator<Task> BY_MOMENT =
        Comparator.comparingLong(Task::atNanos).thenComparingLong(Task::order);
  }

  private Instant start;
  private final ReentrantLock advancing = new ReentrantLock();
  private final ReentrantLock lock = new ReentrantLock();
  private final PriorityQueue<Task> tasks = new PriorityQueue<>(Task.BY_MOMENT);
  private long nowNanos;
  private long order;

  private ManualTime(Instant start) {
    this.start = start;
  }

  /**
   * Time that stands at {@link #START}.
   *
   * @return a clock of its own
   */
  public static ManualTime create() {
    return at(START);
  }

  /**
   * Time that stands at a moment.
   *
   * @param start what {@link #instant} says at first
   * @return a clock of its own
   */
  public static ManualTime at(Instant start) {
    return new ManualTime(Objects.requireNonNull(start, "start"));
  }

  @Override
  public Instant instant() {
    lock.lock();
    try {
      return start.plusNanos(nowNanos);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public long nanoTime() {
    lock.lock();
    try {
      return nowNanos;
    } finally {
      lock.unlock();
    }
  }

  /** {@inheritDoc} A delay of zero or less means the next {@link #advance}, be it by nothing. */
  @Override
  public Scheduled schedule(Duration delay, Runnable task) {
    Objects.requireNonNull(task, "task");
    lock.lock();
    try {
      long nanos = delay.isNegative() ? 0 : delay.toNanos();
      Task scheduled = new Task(Math.addExact(nowNanos, nanos), order++, task);
      tasks.add(scheduled);
      return () -> cancel(scheduled);
    } finally {
      lock.unlock();
    }
  }

  private void cancel(Task task) {
    lock.lock();
    try {
      tasks.remove(task);
    } finally {
      lock.unlock();
    }
  }

  /**
   * How many tasks wait for their moment.
   *
   * @return 0 or more
   */
  public int scheduled() {
    lock.lock();
    try {
      return tasks.size();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Moves time on, and runs all tasks that are due by then, also those that the tasks schedule.
   * What a task throws comes out of here; time then stands at its moment, and the tasks after it
   * wait.
   *
   * @param by how far; zero runs what is due now
   * @throws IllegalArgumentException if {@code by} is negative
   * @throws IllegalStateException if it is called by a task
   */
  public void advance(Duration by) {
    if (by.isNegative()) {
      throw new IllegalArgumentException(
          "by: " + by + " (expected: zero or more, as time never goes back)");
    }
    if (advancing.isHeldByCurrentThread()) {
      throw new IllegalStateException("a task must not move the time it runs in");
    }
    advancing.lock();
    try {
      long until = Math.addExact(nanoTime(), by.toNanos());
      for (Task task = next(until); task != null; task = next(until)) {
        task.work().run();
      }
    } finally {
      advancing.unlock();
    }
  }

  /**
   * Sets the wall clock, as an administrator or NTP does: {@link #instant} jumps; the monotonic
   * clock stays where it is, and so does what is scheduled.
   *
   * @param by how far ahead, or back if it is negative
   */
  public void jump(Duration by) {
    lock.lock();
    try {
      start = start.plus(by);
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Task next(long until) {
    lock.lock();
    try {
      Task first = tasks.peek();
      if (first == null || first.atNanos() > until) {
        nowNanos = until;
        return null;
      }
      nowNanos = Math.max(nowNanos, first.atNanos());
      return tasks.remove();
    } finally {
      lock.unlock();
    }
  }
}
