package dev.fairlead.core.memory;

import dev.fairlead.api.TransportException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;

/** The pipes of one end of the transport, until they are closed. */
final class Pipes {

  private final CountDownLatch done = new CountDownLatch(1);
  private final ReentrantLock lock = new ReentrantLock();
  private final Set<MemoryPipe> open = new LinkedHashSet<>();
  private boolean closed;

  /** Adds a pipe; false if this was closed before. */
  boolean add(MemoryPipe pipe) {
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

  void remove(MemoryPipe pipe) {
    lock.lock();
    try {
      open.remove(pipe);
    } finally {
      lock.unlock();
    }
  }

  boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Aborts all pipes; returns when none of them calls back any more. A further call waits for the
   * first, unless it comes from within a callback that the first waits for.
   *
   * @return whether this was the first call
   */
  boolean close(String why) {
    List<MemoryPipe> all;
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
      if (all.stream().noneMatch(MemoryPipe::isCallingBack)) {
        awaitDone();
      }
      return false;
    }
    for (MemoryPipe pipe : all) {
      pipe.abort(new TransportException("in-memory: " + why));
    }
    for (MemoryPipe pipe : all) {
      pipe.finish();
    }
    for (MemoryPipe pipe : all) {
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
