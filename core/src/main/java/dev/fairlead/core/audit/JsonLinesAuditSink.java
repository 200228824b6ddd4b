package dev.fairlead.core.audit;

import dev.fairlead.api.Time;
import dev.fairlead.api.audit.AuditEvent;
import dev.fairlead.api.audit.AuditSink;
import dev.fairlead.core.time.SystemTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

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

  private final RecordQueue queue;
  private final @Nullable SystemTime ownedTime;

  private JsonLinesAuditSink(RecordQueue queue, @Nullable SystemTime ownedTime) {
    this.queue = queue;
    this.ownedTime = ownedTime;
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
    RecordQueue queue =
        new RecordQueue(
            "fairlead-audit",
            ChainedFile.open(files, key, settings, time),
            settings.capacity(),
            settings.capacity());
    return new JsonLinesAuditSink(queue, ownedTime);
  }

  private static void makePrivate(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectory(directory, OwnerOnly.directoryAttributes(directory));
    }
    OwnerOnly.requireDirectory(directory);
  }

  @Override
  public CompletionStage<Void> append(AuditEvent event) {
    return queue.append(event);
  }

  /**
   * Writes what was accepted and ends the sink's thread. Returns after that, unless it is called on
   * that thread itself, by a continuation.
   *
   * @throws java.io.UncheckedIOException if the file could not be closed
   */
  @Override
  public void close() {
    try {
      queue.close();
    } finally {
      if (ownedTime != null) {
        ownedTime.close();
      }
    }
  }
}
