package dev.fairlead.core.pipe;

import dev.fairlead.api.transport.Pipe;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The pipes of one end of a transport, from the moment they are made until they are closed, so that
 * the transport's close can close them. Safe for use by any thread.
 */
public final class OpenPipes {

  /** A pipe that a transport can close. */
  public interface Member extends Pipe {

    /** As {@link PipeDelivery#finish}. */
    void finish();

    /**
     * As {@link PipeDelivery#isCallingBack}.
     *
     * @return true if this pipe's listener called what calls this
     */
    boolean isCallingBack();
  }

  private final CountDownLatch done = new CountDownLatch(1);
  private final ReentrantLock lock = new ReentrantLock();
  private final Set<Member> open = new LinkedHashSet<>();
  private boolean closed;

  /** Without pipes. */
  public OpenPipes() {}

  /**
   * Adds a pipe, if it is not there yet.
   *
   * @param pipe a pipe
   * @return false if this was closed before, and the pipe was not added
   */
  public boolean add(Member pipe) {
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      open.add(pipe);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Forgets a pipe that is closed.
   *
   * @param pipe a pipe
   */
  public void remove(Member pipe) {
    lock.lock();
    try {
      open.remove(pipe);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Whether {@link #close} was called.
   *
   * @return true from the beginning of the first call on
   */
  public boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Whether the calling thread is in a callback of one of these pipes, whose end it must not wait
   * for.
   *
   * @return true if the listener of a pipe called what calls this
   */
  public boolean isCallingBack() {
    List<Member> all;
    lock.lock();
    try {
      all = List.copyOf(open);
    } finally {
      lock.unlock();
    }
    return all.stream().anyMatch(Member::isCallingBack);
  }

  /**
   * Aborts all pipes; returns when none of them calls back any more. A further call waits for the
   * first, unless it comes from within a callback that the first waits for.
   *
   * @param why what the pipes' listeners get
   * @return whether this was the first call
   */
  public boolean close(RuntimeException why) {
    List<Member> all;
    boolean first;
    lock.lock();
    try {
      first = !closed;
      closed = true;
      all = List.copyOf(open);
    } finally {
      lock.unlock();
    }
    if (!first) {
      if (all.stream().noneMatch(Member::isCallingBack)) {
        awaitDone();
      }
      return false;
    }
    for (Member pipe : all) {
      pipe.abort(why);
    }
    for (Member pipe : all) {
      pipe.finish();
    }
    for (Member pipe : all) {
      remove(pipe);
    }
    done.countDown();
    return true;
  }

  private void awaitDone() {
    try {
      done.await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
