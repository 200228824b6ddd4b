package dev.fairlead.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Work that comes to its end though Ctrl-C ends the process: a refresh token that was used and
 * whose successor was not written down ends the sign-in.
 */
final class Unbroken {

  private static final int PATIENCE_SECONDS = 5;

  private Unbroken() {}

  static <T> T run(Supplier<T> work) {
    CountDownLatch done = new CountDownLatch(1);
    Thread waiting = new Thread(() -> await(done), "fairlead-unbroken");
    try {
      Runtime.getRuntime().addShutdownHook(waiting);
    } catch (IllegalStateException e) {
      throw new Refusal("interrupted", e);
    }
    try {
      return work.get();
    } finally {
      done.countDown();
      remove(waiting);
    }
  }

  private static void await(CountDownLatch done) {
    try {
      done.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns false if the process ends already; then the hook has what it waits for. */
  private static boolean remove(Thread hook) {
    try {
      return Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      return false;
    }
  }
}
