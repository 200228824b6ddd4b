package dev.fairlead.e2e.faults;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** Guards against hangs; no bounds of how long anything takes. */
final class Patience {

  private static final int SECONDS = 30;

  private Patience() {}

  static <T> T within(CompletableFuture<T> future) {
    return future.copy().orTimeout(SECONDS, TimeUnit.SECONDS).join();
  }

  static void await(String what, Callable<Boolean> condition) {
    Awaitility.await(what)
        .atMost(Duration.ofSeconds(SECONDS))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5))
        .until(condition);
  }
}
