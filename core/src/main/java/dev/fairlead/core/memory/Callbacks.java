package dev.fairlead.core.memory;

import dev.fairlead.core.pipe.DaemonThreads;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import org.jspecify.annotations.Nullable;

/**
 * Where the callbacks of one end run: on a daemon thread that this owns, or on an embedder's
 * executor. The queue holds at most one task for each pipe.
 */
final class Callbacks implements Executor, AutoCloseable {

  private final Executor executor;
  private final @Nullable ThreadPoolExecutor owned;

  private Callbacks(Executor executor, @Nullable ThreadPoolExecutor owned) {
    this.executor = executor;
    this.owned = owned;
  }

  static Callbacks owned(String threadName) {
    ThreadPoolExecutor thread = DaemonThreads.one(threadName);
    return new Callbacks(thread, thread);
  }

  static Callbacks on(Executor executor) {
    return new Callbacks(executor, null);
  }

  /** Whether the embedder decides when tasks run. */
  boolean borrowed() {
    return owned == null;
  }

  @Override
  public void execute(Runnable task) {
    executor.execute(task);
  }

  /** Lets the thread end once it has nothing left to run. */
  @Override
  public void close() {
    if (owned != null) {
      owned.shutdown();
    }
  }
}
