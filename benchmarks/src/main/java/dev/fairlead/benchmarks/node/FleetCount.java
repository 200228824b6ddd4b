package dev.fairlead.benchmarks.node;

import java.util.concurrent.TimeUnit;

/** How many agents of a fleet have a tunnel. */
final class FleetCount {

  private int open;

  synchronized void opened() {
    open++;
    notifyAll();
  }

  synchronized void closed() {
    open--;
  }

  synchronized void await(int wanted, int seconds) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (open < wanted) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        throw new IllegalStateException(
            open + " tunnels after " + seconds + " s (expected: " + wanted + ")");
      }
      wait(left);
    }
  }
}
