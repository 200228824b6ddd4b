package dev.fairlead.client.fabric8;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs tasks one after the other on threads of somebody else. Safe for use by any thread. */
final class InTurn implements Executor {

  private static final Logger log = LoggerFactory.getLogger(InTurn.class);

  private final Executor threads;
  private final Runnable onRejected;
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private boolean running;
  private boolean rejected;

  InTurn(Executor threads, Runnable onRejected) {
    this.threads = threads;
    this.onRejected = onRejected;
  }

  @Override
  public void execute(Runnable task) {
    synchronized (this) {
      if (rejected) {
        return;
      }
      waiting.add(task);
      if (running) {
        return;
      }
      running = true;
    }
    try {
      threads.execute(this::run);
    } catch (RejectedExecutionException e) {
      synchronized (this) {
        rejected = true;
        waiting.clear();
      }
      onRejected.run();
    }
  }

  private void run() {
    while (true) {
      Runnable next;
      synchronized (this) {
        next = waiting.poll();
        if (next == null) {
          running = false;
          return;
        }
      }
      try {
        next.run();
      } catch (RuntimeException e) {
        log.warn("a listener of a client failed", e);
      }
    }
  }
}
