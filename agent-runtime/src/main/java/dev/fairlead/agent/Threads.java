package dev.fairlead.agent;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads an agent owns. */
final class Threads {

  private static final int BLOCKING = 3;
  private static final int WAITING = 1_000;
  private static final int IDLE_SECONDS = 10;

  private Threads() {}

  static ThreadFactory daemons(String name) {
    AtomicInteger number = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  /** For what may block: enrolment's renewal, files, exec plugins, name resolution. */
  static ThreadPoolExecutor blocking() {
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            BLOCKING,
            BLOCKING,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING),
            daemons("fairlead-agent-blocking"));
    threads.allowCoreThreadTimeOut(true);
    return threads;
  }
}
