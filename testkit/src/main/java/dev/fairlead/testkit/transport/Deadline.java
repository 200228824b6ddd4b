package dev.fairlead.testkit.transport;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** When a wait has to end; how long it may take is asked anew all the time, as it may change. */
final class Deadline {

  private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final long start = System.nanoTime();
  private final Supplier<Duration> within;

  Deadline(Supplier<Duration> within) {
    this.within = within;
  }

  boolean hasPassed() {
    return left() <= 0;
  }

  /** How long to wait before this is asked again. */
  long nanosToWait() {
    return Math.max(1, Math.min(SLICE_NANOS, left()));
  }

  private long left() {
    return within.get().toNanos() - (System.nanoTime() - start);
  }

  /** Waits for what another thread counts down. */
  static void await(CountDownLatch latch, Supplier<Duration> within) {
    Deadline deadline = new Deadline(within);
    try {
      while (!latch.await(deadline.nanosToWait(), TimeUnit.NANOSECONDS)) {
        if (deadline.hasPassed()) {
          throw new AssertionError("not done within " + within.get());
        }
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", interrupted);
    }
  }
}
