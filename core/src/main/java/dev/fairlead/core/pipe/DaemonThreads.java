package dev.fairlead.core.pipe;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The threads a transport owns: daemons that begin with the first task and end when idle. */
public final class DaemonThreads {

  private static final long IDLE_SECONDS = 10;

  private DaemonThreads() {}

  /**
   * One thread, for callbacks. Its queue has no bound of its own: each {@link PipeDelivery} hands
   * over at most one task at a time.
   *
   * @param name the thread's name
   * @return an executor that its owner shuts down
   */
  public static ThreadPoolExecutor one(String name) {
    return idling(
        new ThreadPoolExecutor(
            1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory(name)));
  }

  /**
   * Some threads, for calls that block.
   *
   * @param name the threads' name
   * @param threads how many calls run at once
   * @param queue how many more wait; beyond that a task is rejected
   * @return an executor that its owner shuts down
   */
  public static ThreadPoolExecutor blocking(String name, int threads, int queue) {
    return idling(
        new ThreadPoolExecutor(
            threads,
            threads,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(queue),
            factory(name)));
  }

  private static ThreadPoolExecutor idling(ThreadPoolExecutor executor) {
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  private static ThreadFactory factory(String name) {
    return task -> {
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      return thread;
    };
  }
}
