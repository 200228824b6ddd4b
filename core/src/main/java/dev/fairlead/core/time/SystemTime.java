package dev.fairlead.core.time;

import dev.fairlead.api.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The system's clocks, and one daemon thread that runs what is scheduled. The thread begins with
 * the first task and ends when this is closed, which is up to whoever made it. A task that throws
 * is logged and hinders no other one.
 */
public final class SystemTime implements Time, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SystemTime.class);
  private static final Duration LONGEST_DELAY = Duration.ofDays(36_500);

  private final OneThread threads = new OneThread();
  private final ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1, threads);
  private volatile boolean closed;

  /** Makes a time that the caller closes. */
  public SystemTime() {
    scheduler.setRemoveOnCancelPolicy(true);
    scheduler.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  @Override
  public Instant instant() {
    return Instant.now();
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException if this is closed
   */
  @Override
  public Scheduled schedule(Duration delay, Runnable task) {
    Objects.requireNonNull(task, "task");
    // Beyond some centuries nanoseconds do not fit a long.
    Duration bounded = delay.compareTo(LONGEST_DELAY) > 0 ? LONGEST_DELAY : delay;
    long nanos = bounded.isNegative() ? 0 : bounded.toNanos();
    try {
      Future<?> scheduled = scheduler.schedule(() -> run(task), nanos, TimeUnit.NANOSECONDS);
      return () -> scheduled.cancel(false);
    } catch (RejectedExecutionException e) {
      throw new IllegalStateException("the time is closed (expected: scheduling before that)", e);
    }
  }

  private void run(Runnable task) {
    // A task that is due when the executor is shut down would still run.
    if (closed) {
      return;
    }
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      LOG.error("a scheduled task failed", e);
    }
  }

  /**
   * Drops what did not begin yet and waits for the task that is running, unless that task is what
   * calls. Once it returns no task runs any more. An interrupt ends the waiting and is kept for the
   * caller.
   */
  @Override
  public void close() {
    closed = true;
    scheduler.shutdown();
    if (Thread.currentThread().equals(threads.thread)) {
      return;
    }
    try {
      boolean done = false;
      while (!done) {
        done = scheduler.awaitTermination(1, TimeUnit.MINUTES);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Makes the thread, and remembers it. */
  private static final class OneThread implements ThreadFactory {

    private volatile @Nullable Thread thread;

    @Override
    public Thread newThread(Runnable work) {
      Thread made = new Thread(work, "fairlead-time");
      made.setDaemon(true);
      thread = made;
      return made;
    }
  }
}
