package dev.fairlead.core.audit;

import dev.fairlead.api.audit.AuditEvent;
import dev.fairlead.api.audit.AuditSink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Appends each event as one line of JSON ({@code audit.k8s.io/v1 Event}, level {@code Metadata}) to
 * a file of mode 0600. Bodies are never written; values of query parameters whose names tell of a
 * secret ({@code token}, {@code password}, {@code signature} and the like) are written as {@code
 * REDACTED}. The cluster and the HTTP method stand among the annotations as {@code
 * fairlead.dev/cluster} and {@code fairlead.dev/method}.
 *
 * <p>{@link #append} never blocks: it puts the event into a bounded queue that one thread, owned by
 * the sink and ended by {@link #close}, writes out. All that waits is written at once and then its
 * stages complete: after the operating system took the lines, or with {@code fsync} after the disk
 * did. Continuations of a stage run on that thread and must be short.
 *
 * <p>A stage fails at once with an {@link AuditException} if the queue is full or the sink is
 * closed. After a failed write every event fails at once but one at a time, which is tried: when it
 * can be written, the sink works again. Moving or removing the file makes the sink start a new one.
 */
public final class JsonLinesAuditSink implements AuditSink {

  /** How many events wait at most, unless told otherwise. */
  public static final int DEFAULT_CAPACITY = 4096;

  private static final int BATCH_BYTES = 256 * 1024;

  private record Pending(AuditEvent event, CompletableFuture<Void> written) {}

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<Pending> queue = new ArrayDeque<>();
  private final int capacity;
  private final LineOutput out;
  private final Thread writer;
  private boolean closed;
  private boolean trying;
  private @Nullable Exception failure;
  private volatile @Nullable IOException closeFailure;

  JsonLinesAuditSink(LineOutput out, int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException("capacity: " + capacity + " (expected: 1 or more)");
    }
    this.capacity = capacity;
    this.out = out;
    this.writer = new Thread(this::write, "fairlead-audit");
    this.writer.setDaemon(true);
    this.writer.start();
  }

  /**
   * Opens or makes the file, with {@link #DEFAULT_CAPACITY} and without fsync. Blocks.
   *
   * @param file the file; its directory must exist
   * @return the sink, to be closed by the caller
   * @throws IOException if the file cannot be opened, or somebody but its owner may read or write
   *     it
   */
  public static JsonLinesAuditSink open(Path file) throws IOException {
    return open(file, DEFAULT_CAPACITY, false);
  }

  /**
   * Opens or makes the file. Blocks.
   *
   * @param file the file; its directory must exist
   * @param capacity how many events may wait to be written; positive
   * @param fsync whether an event counts as written only when the disk has it
   * @return the sink, to be closed by the caller
   * @throws IOException if the file cannot be opened, or somebody but its owner may read or write
   *     it
   * @throws IllegalArgumentException if the capacity is not positive
   */
  public static JsonLinesAuditSink open(Path file, int capacity, boolean fsync) throws IOException {
    return new JsonLinesAuditSink(new AppendOnlyFile(file, fsync), capacity);
  }

  @Override
  public CompletionStage<Void> append(AuditEvent event) {
    Objects.requireNonNull(event, "event");
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
      Pending pending = new Pending(event, new CompletableFuture<>());
      queue.add(pending);
      changed.signalAll();
      return pending.written();
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
      throw new UncheckedIOException("closing the audit file failed", atClose);
    }
  }

  private void write() {
    List<Pending> batch = new ArrayList<>();
    try {
      for (Pending first = next(true); first != null; first = next(true)) {
        writeBatch(first, batch);
        batch.clear();
      }
    } finally {
      end(batch);
    }
  }

  private void writeBatch(Pending first, List<Pending> batch) {
    LineBuffer lines = new LineBuffer();
    for (Pending next = first;
        next != null;
        next = lines.size() < BATCH_BYTES ? next(false) : null) {
      batch.add(next);
      try {
        lines.add(EventJson.line(next.event()));
      } catch (IOException | RuntimeException e) {
        next.written().completeExceptionally(new AuditException("audit sink: no JSON", e));
      }
    }
    @Nullable Exception thrown = null;
    try {
      out.append(lines.asBuffer());
    } catch (IOException | RuntimeException e) {
      thrown = e;
    }
    settle(batch, thrown);
  }

  private void settle(List<Pending> batch, @Nullable Exception thrown) {
    lock.lock();
    try {
      failure = thrown;
      trying = false;
    } finally {
      lock.unlock();
    }
    for (Pending pending : batch) {
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

  /** The next event; null if there is none, or, when it may wait, if none will come any more. */
  private @Nullable Pending next(boolean wait) {
    lock.lock();
    try {
      while (wait && queue.isEmpty() && !closed) {
        changed.awaitUninterruptibly();
      }
      return queue.poll();
    } finally {
      lock.unlock();
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
    }
    for (Pending pending : left) {
      pending.written().completeExceptionally(new AuditException("audit sink: closed", null));
    }
  }
}
