package dev.fairlead.cli;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Lets time pass. */
@FunctionalInterface
interface Pause {

  /** The system's clock. */
  Pause REAL =
      duration -> {
        long end = System.nanoTime() + duration.toNanos();
        for (long left = duration.toNanos(); left > 0; left = end - System.nanoTime()) {
          LockSupport.parkNanos(left);
          if (Thread.currentThread().isInterrupted()) {
            throw new Refusal("interrupted");
          }
        }
      };

  /**
   * Returns after a while.
   *
   * @throws Refusal if the thread was interrupted
   */
  void pause(Duration duration);
}
