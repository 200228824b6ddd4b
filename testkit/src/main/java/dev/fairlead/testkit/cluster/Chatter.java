package dev.fairlead.testkit.cluster;

import dev.fairlead.testkit.cluster.workload.PodLogs;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Lets a pod of the shop log a line now and then, on a thread of its own. */
final class Chatter implements AutoCloseable {
  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "demo-cluster-chatter");
            thread.setDaemon(true);
            return thread;
          });
  private final AtomicLong orders = new AtomicLong(1000);

  Chatter(PodLogs logs, Duration every) {
    long period = Math.max(1, every.toMillis());
    executor.scheduleAtFixedRate(
        () -> logs.append("shop", "cart-0", "order " + orders.incrementAndGet() + " was placed"),
        period,
        period,
        TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
