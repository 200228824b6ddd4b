package dev.fairlead.examples.program;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a program opened, and when it has to end. Everything is closed once, the last opened first.
 * Safe for use by any thread.
 */
public final class Lifetime implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Lifetime.class);

  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final CountDownLatch ending = new CountDownLatch(1);
  private final AtomicBoolean closing = new AtomicBoolean();
  private final CountDownLatch closed = new CountDownLatch(1);

  /** A lifetime that begins now. */
  public Lifetime() {}

  /**
   * Takes something that has to be closed at the end.
   *
   * @param resource what to close; it may still be about to be started
   * @param <T> its type
   * @return the same
   * @throws IllegalStateException if the end has come; the resource is closed then
   */
  public <T extends AutoCloseable> T owns(T resource) {
    synchronized (open) {
      if (!closing.get()) {
        open.push(resource);
        return resource;
      }
    }
    closeOne(resource);
    throw new IllegalStateException("stopped while it was starting");
  }

  /** Asks for the end. */
  public void end() {
    ending.countDown();
  }

  /**
   * Whether the end was asked for.
   *
   * @return true from then on
   */
  public boolean isOver() {
    return ending.getCount() == 0;
  }

  /**
   * Waits until the end was asked for.
   *
   * @throws InterruptedException if the thread was interrupted while waiting
   */
  public void awaitEnd() throws InterruptedException {
    ending.await();
  }

  /**
   * Waits until the end was asked for, but not for ever.
   *
   * @param longest how long
   * @return whether it was asked for
   * @throws InterruptedException if the thread was interrupted while waiting
   */
  public boolean awaitEnd(Duration longest) throws InterruptedException {
    return ending.await(longest.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Closes everything; returns when that is done, whoever began with it. */
  @Override
  public void close() {
    end();
    boolean first;
    synchronized (open) {
      first = closing.compareAndSet(false, true);
    }
    if (first) {
      while (!open.isEmpty()) {
        closeOne(open.pop());
      }
      closed.countDown();
    }
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void closeOne(AutoCloseable resource) {
    try {
      resource.close();
    } catch (Exception e) {
      log.warn("closing failed: {}", Sentence.of(e), e);
    }
  }
}
