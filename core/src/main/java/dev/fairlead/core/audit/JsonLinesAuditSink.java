package dev.fairlead.core.audit;

import dev.fairlead.api.Time;
import dev.fairlead.api.audit.AuditEvent;
import dev.fairlead.api.audit.AuditSink;
import dev.fairlead.core.time.SystemTime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends each event as one line of JSON ({@code audit.k8s.io/v1 Event}, level {@code Metadata}) to
 * a file of mode 0600. Bodies are never written; values of query parameters whose names tell of a
 * secret ({@code token}, {@code password}, {@code signature} and the like) are written as {@code
 * REDACTED}. The cluster and the HTTP method stand among the annotations as {@code
 * fairlead.dev/cluster} and {@code fairlead.dev/method}.
 *
 * <p>The lines are a chain: each has a number and the hash of the one before, and signed
 * checkpoints among them vouch for all before them, so that {@link AuditVerifier} finds what was
 * changed. The chain goes on over files, which are renamed when they are full or old, and over
 * restarts. A hub that was killed while it wrote goes on behind what is left of the last line. What
 * else is not as it was left makes {@link #open} fail.
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

  private static final Logger log = LoggerFactory.getLogger(JsonLinesAuditSink.class);

  private static final int BATCH_BYTES = 256 * 1024;

  /** What a record needs beside its event. */
  private static final int PLACE_BYTES = 512;

  private record Pending(AuditEvent event, CompletableFuture<Void> written) {}

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<Pending> queue = new ArrayDeque<>();
  private final int capacity;
  private final RecordOutput out;
  private final @Nullable SystemTime ownedTime;
  private final Thread writer;
  private boolean closed;
  private boolean trying;
  private boolean due;
  private @Nullable Exception failure;
  private volatile @Nullable IOException closeFailure;

  JsonLinesAuditSink(RecordOutput out, int capacity) {
    this(out, capacity, null);
  }

  private JsonLinesAuditSink(RecordOutput out, int capacity, @Nullable SystemTime ownedTime) {
    this.capacity = capacity;
    this.out = out;
    this.ownedTime = ownedTime;
    this.writer = new Thread(this::write, "fairlead-audit");
    this.writer.setDaemon(true);
    out.whenDue(this::somethingIsDue);
    this.writer.start();
  }

  /**
   * Opens or makes the file, with a key of its own and {@link AuditFileSettings#defaults}. Blocks.
   *
   * @param file the file; its directory must exist. In a directory beside it, whose name is the
   *     file's and {@code .chain}, are the last checkpoint and the key
   * @return the sink, to be closed by the caller
   * @throws IOException if the file cannot be opened, is not as it was left, or somebody but its
   *     owner may read or write it
   * @throws dev.fairlead.api.InvalidException if another sink has it open
   */
  public static JsonLinesAuditSink open(Path file) throws IOException {
    Path directory = new AuditFiles(file).directory();
    makePrivate(directory);
    SystemTime time = new SystemTime();
    try {
      return open(
          file,
          ChainKey.in(directory.resolve("key.pem")),
          AuditFileSettings.defaults(),
          time,
          time);
    } catch (IOException | RuntimeException e) {
      time.close();
      throw e;
    }
  }

  /**
   * Opens or makes the file. Blocks.
   *
   * @param file the file; its directory must exist. In a directory beside it, whose name is the
   *     file's and {@code .chain}, is the last checkpoint
   * @param key signs checkpoints
   * @param settings the bounds
   * @param time the clock
   * @return the sink, to be closed by the caller
   * @throws IOException if the file cannot be opened, is not as it was left, or somebody but its
   *     owner may read or write it
   * @throws dev.fairlead.api.InvalidException if another sink has it open
   */
  public static JsonLinesAuditSink open(
      Path file, ChainKey key, AuditFileSettings settings, Time time) throws IOException {
    return open(file, key, settings, time, null);
  }

  private static JsonLinesAuditSink open(
      Path file,
      ChainKey key,
      AuditFileSettings settings,
      Time time,
      @Nullable SystemTime ownedTime)
      throws IOException {
    AuditFiles files = new AuditFiles(file);
    makePrivate(files.directory());
    return new JsonLinesAuditSink(
        ChainedFile.open(files, key, settings, time), settings.capacity(), ownedTime);
  }

  private static void makePrivate(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectory(directory, OwnerOnly.directoryAttributes(directory));
    }
    OwnerOnly.requireDirectory(directory);
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
      while (true) {
        Pending first = next(true);
        if (first != null) {
          writeBatch(first, batch);
          batch.clear();
        } else if (!catchUp()) {
          return;
        }
      }
    } finally {
      end(batch);
    }
  }

  private void writeBatch(Pending first, List<Pending> batch) {
    List<byte[]> openings = new ArrayList<>();
    int bytes = 0;
    for (Pending next = first; next != null; next = bytes < BATCH_BYTES ? next(false) : null) {
      batch.add(next);
      try {
        byte[] opening = EventJson.opening(next.event(), false);
        if (opening.length > LineReader.LONGEST - PLACE_BYTES) {
          throw new IOException(
              opening.length + " bytes (expected: less than " + LineReader.LONGEST + ")");
        }
        bytes += opening.length;
        openings.add(opening);
      } catch (IOException | RuntimeException e) {
        next.written()
            .completeExceptionally(
                new AuditException("audit sink: no record: " + e.getMessage(), e));
      }
    }
    @Nullable Exception thrown = null;
    try {
      out.append(openings);
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
      while (wait && queue.isEmpty() && !due && !closed) {
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
    } catch (RuntimeException e) {
      closeFailure = new IOException(e);
    }
    if (ownedTime != null) {
      ownedTime.close();
    }
    for (Pending pending : left) {
      pending.written().completeExceptionally(new AuditException("audit sink: closed", null));
    }
  }
}
