package dev.fairlead.api;

import java.time.Duration;
import java.time.InstantSource;

/**
 * Where hubs and agents get their time from, so that tests can move it by hand. Safe for use by any
 * thread.
 *
 * <p>{@link #instant()} is the wall clock, for certificates and records; {@link #nanoTime()} and
 * {@link #schedule} follow a clock that never jumps.
 */
public interface Time extends InstantSource {

  /** A task that was scheduled. */
  interface Scheduled {
    /** Keeps the task from running, if it did not begin yet; otherwise does nothing. */
    void cancel();
  }

  /**
   * The monotonic clock.
   *
   * @return nanoseconds since an arbitrary moment
   */
  long nanoTime();

  /**
   * Runs a task once, later. Tasks run on a thread of this object, one after the other; they must
   * be short and must not block.
   *
   * @param delay from now; zero or less means as soon as possible
   * @param task what to run
   * @return a handle to cancel it
   */
  Scheduled schedule(Duration delay, Runnable task);
}
