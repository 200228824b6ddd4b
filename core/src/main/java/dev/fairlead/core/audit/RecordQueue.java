package dev.fairlead.core.audit;

import dev.fairlead.api.audit.AuditEvent;
import dev.fairlead.api.audit.AuditSink;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.internal.ThreadExecutorMap;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A bounded queue of events and the one thread that writes them out, all that wait at once. Stages
 * complete on that thread when their batch was written.
 *
 * <p>Nobody waits for the record of a request's end, so it does not wake the thread while that naps
 * after a batch, but goes with the next record or, at the latest, at the end of {@link #NAP_NANOS}.
 * That is half of all wake-ups under load.
 *
 * <p>A stage fails at once if the queue is full or closed. After a failed write every event fails
 * at once but one at a time, which is tried: when it can be written, all is well again.
 */
final class RecordQueue implements AuditSink {

  private static final Logger log = LoggerFactory.getLogger(RecordQueue.class);

  private static final long NAP_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private static final int BATCH_BYTES = 256 * 1024;

  /** What a record needs beside its event. */
  private static final int PLACE_BYTES = 512;

  private record Pending(AuditEvent event, CompletableFuture<Void> written) {}

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<Pending> queue = new ArrayDeque<>();
  private final EventJson json = new EventJson();
  private final int capacity;
  private final int batch;
  private final RecordOutput out;
  private final Thread writer;
  private boolean closed;
  private boolean asleep;
  private boolean trying;
  private boolean due;
  private @Nullable Exception failure;
  private volatile @Nullable IOException closeFailure;

  /**
   * Begins.
   *
   * @param name the thread's name
   * @param out writes; closed by the thread when it ends
   * @param capacity how many events may wait
   * @param batch how many are written at once at most
   */
  RecordQueue(String name, RecordOutput out, int capacity, int batch) {
    this.capacity = capacity;
    this.batch = batch;
    this.out = out;
    this.writer = new Thread(this::write, name);
    this.writer.setDaemon(true);
    out.whenDue(this::somethingIsDue);
    this.writer.start();
  }

  @Override
  public CompletionStage<Void> append(AuditEvent event) {
    Objects.requireNonNull(event, "event");
    Pending pending = new Pending(event, new CompletableFuture<>());
    boolean wakes;
    lock.lock();
    try {
      if (closed) {
        return failed("closed", null);
      }
      if (failure != null && trying) {
        return failed("the last write failed: " + failure.getMessage(), failure);
      }
      if (queue.size() >= capacity) {
        return failed("full, " + capacity + " events wait", null);
      }
      trying = failure != null;
      queue.add(pending);
      wakes = asleep || event.stage() != AuditEvent.Stage.RESPONSE_COMPLETE;
    } finally {
      lock.unlock();
    }
    if (wakes) {
      wakeAfterTurn();
    }
    return pending.written();
  }

  /**
   * Wakes the thread. An event loop does so at the end of its turn, so that what it appends in one
   * turn is written at once, and not one by one as fast as the other thread gets hold of it.
   */
  private void wakeAfterTurn() {
    EventExecutor loop = ThreadExecutorMap.currentExecutor();
    if (loop != null && !loop.isShuttingDown()) {
      try {
        loop.execute(this::wake);
        return;
      } catch (RejectedExecutionException e) {
        log.debug("audit: the event loop ends", e);
      }
    }
    wake();
  }

  private void wake() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private static CompletionStage<Void> failed(String why, @Nullable Throwable cause) {
    return CompletableFuture.failedStage(new AuditException("audit sink: " + why, cause));
  }

  /**
   * Writes what was accepted and ends the sink's thread. Returns after that, unless it is called on
   * that thread itself, by a continuation.
   *
   * @throws UncheckedIOException if the file could not be closed
   */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    out.closing();
    boolean interrupted = false;
    while (Thread.currentThread() != writer && writer.isAlive()) {
      try {
        writer.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    IOException atClose = closeFailure;
    if (atClose != null) {
      throw new UncheckedIOException("closing the audit sink failed", atClose);
    }
  }

  private void write() {
    List<Pending> pending = new ArrayList<>();
    try {
      while (true) {
        Pending first = next(true);
        if (first != null) {
          writeBatch(first, pending);
          pending.clear();
        } else if (!catchUp()) {
          return;
        }
      }
    } finally {
      end(pending);
    }
  }

  private void writeBatch(Pending first, List<Pending> pending) {
    List<EncodedEvent> encoded = new ArrayList<>();
    int bytes = 0;
    for (Pending next = first;
        next != null;
        next = bytes < BATCH_BYTES && pending.size() < batch ? next(false) : null) {
      pending.add(next);
      try {
        byte[] opening = json.opening(next.event(), false);
        if (opening.length > LineReader.LONGEST - PLACE_BYTES) {
          throw new IllegalArgumentException(
              opening.length + " bytes (expected: less than " + LineReader.LONGEST + ")");
        }
        bytes += opening.length;
        encoded.add(new EncodedEvent(next.event(), opening));
      } catch (RuntimeException e) {
        next.written()
            .completeExceptionally(
                new AuditException("audit sink: no record: " + e.getMessage(), e));
      }
    }
    @Nullable Exception thrown = null;
    try {
      out.append(encoded);
    } catch (IOException | RuntimeException e) {
      thrown = e;
    }
    settle(pending, thrown);
  }

  private void settle(List<Pending> settled, @Nullable Exception thrown) {
    lock.lock();
    try {
      failure = thrown;
      trying = false;
    } finally {
      lock.unlock();
    }
    for (Pending pending : settled) {
      if (thrown == null) {
        pending.written().complete(null);
      } else {
        pending
            .written()
            .completeExceptionally(
                new AuditException("audit sink: not written: " + thrown.getMessage(), thrown));
      }
    }
  }

  private void somethingIsDue() {
    lock.lock();
    try {
      due = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Does what is due; false if nothing was, and so nothing will come any more. */
  private boolean catchUp() {
    lock.lock();
    try {
      if (!due) {
        return false;
      }
      due = false;
    } finally {
      lock.unlock();
    }
    try {
      out.catchUp();
    } catch (IOException | RuntimeException e) {
      log.error("audit: no checkpoint could be written: {}", e.toString());
    }
    return true;
  }

  /**
   * The next event; null if there is none, or, when it may wait, if something is due or none will
   * come any more.
   */
  private @Nullable Pending next(boolean wait) {
    lock.lock();
    try {
      if (wait && queue.isEmpty()) {
        nap();
      }
      while (wait && isIdle()) {
        asleep = true;
        changed.awaitUninterruptibly();
        asleep = false;
      }
      return queue.poll();
    } finally {
      lock.unlock();
    }
  }

  private boolean isIdle() {
    return queue.isEmpty() && !due && !closed;
  }

  private void nap() {
    try {
      long left = NAP_NANOS;
      while (left > 0 && isIdle()) {
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      // Nobody interrupts the thread but to hurry it.
    }
  }

  private void end(List<Pending> unsettled) {
    List<Pending> left = new ArrayList<>(unsettled);
    lock.lock();
    try {
      closed = true;
      left.addAll(queue);
      queue.clear();
    } finally {
      lock.unlock();
    }
    try {
      out.close();
    } catch (IOException e) {
      closeFailure = e;
    } catch (RuntimeException e) {
      closeFailure = new IOException(e);
    }
    for (Pending pending : left) {
      pending.written().completeExceptionally(new AuditException("audit sink: closed", null));
    }
  }
}
