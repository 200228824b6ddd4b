package dev.fairlead.core.tls;

import dev.fairlead.core.pipe.DaemonThreads;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where the arithmetic of one door's TLS handshakes is done: on half of the processors, apart from
 * the event loops, so that who comes slows down nobody who is there. When more come than can be
 * served, the door is held. Safe for use by any thread.
 */
public final class HandshakeThreads implements Executor, AutoCloseable {

  /** With so many waiting, the door takes no more. */
  static final int BUSY = 64;

  /** With so few, it does again. */
  static final int CALM = 16;

  /** A handshake has one task at a time, and no door has as many handshakes under way. */
  private static final int MOST_WAITING = 16_384;

  private final ThreadPoolExecutor threads;
  private final AtomicInteger waiting = new AtomicInteger();
  private final Pace pace = new Pace();

  /**
   * None is begun before the first task.
   *
   * @param name the threads' name
   */
  public HandshakeThreads(String name) {
    int most = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    threads = DaemonThreads.blocking(name, most, MOST_WAITING);
  }

  /**
   * Holds the door whose handshakes are done here.
   *
   * @return to which the door is to be added
   */
  public Pace pace() {
    return pace;
  }

  @Override
  public void execute(Runnable task) {
    int now = waiting.incrementAndGet();
    try {
      threads.execute(
          () -> {
            try {
              task.run();
            } finally {
              if (waiting.decrementAndGet() <= CALM) {
                decide();
              }
            }
          });
    } catch (RejectedExecutionException full) {
      waiting.decrementAndGet();
      throw full;
    }
    if (now >= BUSY) {
      decide();
    }
  }

  private synchronized void decide() {
    int now = waiting.get();
    if (now >= BUSY) {
      pace.hold(this);
    } else if (now <= CALM) {
      pace.release(this);
    }
  }

  /** Does no further task; those under way end by themselves. */
  @Override
  public void close() {
    threads.shutdownNow();
  }
}
