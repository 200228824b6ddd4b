package dev.fairlead.core.audit;

import dev.fairlead.api.Time;
import dev.fairlead.core.audit.Checkpoint.Reason;
import dev.fairlead.core.store.DirectoryLock;
import java.io.IOException;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes records as a chain, in one file after the other. Opened anew after a failure, and in a new
 * file when somebody moved or removed the one before; the chain goes on in any case.
 */
final class ChainedFile implements RecordOutput {

  private final AuditFiles files;
  private final ChainKey key;
  private final AuditFileSettings settings;
  private final Time time;
  private final ChainHead kept;
  private final DirectoryLock lock;
  private final Due checkpointDue;
  private final Due rotationDue;
  private final MessageDigest digest = ChainLink.digest();
  private final LineBuffer lines = new LineBuffer();
  private @Nullable AppendOnlyFile file;
  private @Nullable Object lastIdentity;
  private long goodLength;
  private ChainLink head;
  private long firstInFile;
  private int unsigned;
  private int eventsInFile;

  private ChainedFile(
      AuditFiles files,
      ChainKey key,
      AuditFileSettings settings,
      Time time,
      ChainHead kept,
      DirectoryLock lock) {
    this.files = files;
    this.key = key;
    this.settings = settings;
    this.time = time;
    this.kept = kept;
    this.lock = lock;
    this.head = kept.link();
    this.checkpointDue = new Due(time);
    this.rotationDue = new Due(time);
  }

  /** Opens what was written before, or begins. */
  static ChainedFile open(AuditFiles files, ChainKey key, AuditFileSettings settings, Time time)
      throws IOException {
    DirectoryLock lock = DirectoryLock.take(files.directory());
    try {
      ChainHead kept = ChainHead.open(files, key.publicKey());
      if (!kept.isKnown() && !files.rotated().isEmpty()) {
        throw new IOException(
            files.rotated().firstEntry().getValue()
                + ": of an earlier trail, whose last checkpoint is not in "
                + files.head()
                + " (expected: both or neither; move the files away, and a new trail begins)");
      }
      ChainedFile opened = new ChainedFile(files, key, settings, time, kept, lock);
      opened.begin();
      return opened;
    } catch (IOException | RuntimeException e) {
      lock.release();
      throw e;
    }
  }

  private void begin() throws IOException {
    try {
      AppendOnlyFile opened = AppendOnlyFile.open(files.current());
      file = opened;
      Recovery found = Recovery.first(files, opened, kept, key.publicKey());
      adopt(opened, found);
      Checkpoint.Torn torn = found.close(opened);
      checkpoint(torn == null ? Reason.START : Reason.RECOVERY, torn);
    } catch (IOException | RuntimeException e) {
      abandon(e);
      throw e;
    }
  }

  private void adopt(AppendOnlyFile opened, Recovery found) {
    head = found.head();
    firstInFile = found.firstSequence();
    unsigned = (int) Math.min(settings.checkpointRecords(), unsigned + found.unsigned());
    eventsInFile = opened.length() == 0 ? 0 : 1;
    lastIdentity = opened.identity();
    goodLength = opened.length();
    rotationDue.in(settings.rotateAfter());
  }

  @Override
  public void append(List<EncodedEvent> events) throws IOException {
    try {
      AppendOnlyFile out = ready();
      lines.clear();
      ChainLink link = head;
      int since = unsigned;
      byte[] vouching = null;
      for (EncodedEvent event : events) {
        if (since >= settings.checkpointRecords()) {
          vouching = vouch(link, Reason.RECORDS, null);
          link = link.then(vouching);
          lines.add(vouching);
          since = 0;
        }
        int begin = lines.size();
        lines.add(event.opening());
        lines.add(EventJson.ending(event.opening(), link));
        link = lines.linkFrom(begin, link, digest);
        since++;
      }
      write(out, vouching, link);
      unsigned = since;
      eventsInFile = 1;
      checkpointDue.in(settings.checkpointAfter());
      if (out.length() >= settings.rotateBytes() || rotationDue.isDue()) {
        rotate();
      } else if (checkpointDue.isDue()) {
        checkpoint(Reason.TIME, null);
      }
    } catch (IOException | RuntimeException e) {
      abandon(e);
      throw e;
    }
  }

  private void write(AppendOnlyFile out, byte @Nullable [] vouching, ChainLink link)
      throws IOException {
    out.requireUntouched();
    out.append(lines.asBuffer());
    if (settings.fsync() || vouching != null) {
      out.force();
    }
    goodLength = out.length();
    head = link;
    if (vouching != null) {
      kept.keep(vouching);
    }
  }

  private byte[] vouch(ChainLink before, Reason reason, Checkpoint.@Nullable Torn torn)
      throws IOException {
    return Checkpoint.sign(key, before, time.instant(), reason, settings.checkpointRecords(), torn)
        .line();
  }

  private void checkpoint(Reason reason, Checkpoint.@Nullable Torn torn) throws IOException {
    byte[] vouching = vouch(head, reason, torn);
    lines.clear();
    lines.add(vouching);
    write(Objects.requireNonNull(file, "file"), vouching, head.then(vouching));
    unsigned = 0;
    checkpointDue.cancel();
  }

  private AppendOnlyFile ready() throws IOException {
    AppendOnlyFile open = file;
    if (open != null && open.isStillThere()) {
      return open;
    }
    if (open != null) {
      file = null;
      open.close();
    }
    AppendOnlyFile opened = AppendOnlyFile.open(files.current());
    file = opened;
    boolean same = Objects.equals(opened.identity(), lastIdentity);
    Recovery found =
        Recovery.again(files, opened, same ? goodLength : 0, head, kept, key.publicKey());
    if (same) {
      found = found.in(firstInFile);
    }
    Checkpoint.Torn torn = found.close(opened);
    adopt(opened, found);
    if (torn != null) {
      checkpoint(Reason.RECOVERY, torn);
    }
    return opened;
  }

  private void rotate() throws IOException {
    checkpoint(Reason.ROTATION, null);
    rotationDue.cancel();
    AppendOnlyFile full = Objects.requireNonNull(file, "file");
    file = null;
    full.close();
    if (full.isStillThere()) {
      Files.move(files.current(), files.rotated(firstInFile));
    }
    ready();
  }

  @Override
  public void whenDue(Runnable wake) {
    checkpointDue.wakes(wake);
    rotationDue.wakes(wake);
  }

  @Override
  public void catchUp() throws IOException {
    boolean rotates = rotationDue.isDue() && eventsInFile > 0;
    boolean vouches = checkpointDue.isDue() && unsigned > 0;
    if (!rotates && !vouches) {
      checkpointDue.cancel();
      return;
    }
    try {
      ready();
      if (rotates) {
        rotate();
      } else {
        checkpoint(Reason.TIME, null);
      }
    } catch (IOException | RuntimeException e) {
      abandon(e);
      throw e;
    }
  }

  private void abandon(Exception failure) {
    AppendOnlyFile open = file;
    file = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException atClose) {
        failure.addSuppressed(atClose);
      }
    }
  }

  @Override
  public void close() throws IOException {
    checkpointDue.cancel();
    rotationDue.cancel();
    try {
      if (unsigned > 0) {
        ready();
        checkpoint(Reason.CLOSE, null);
      }
      AppendOnlyFile open = file;
      file = null;
      if (open != null) {
        open.close();
      }
    } catch (IOException | RuntimeException e) {
      abandon(e);
      throw e;
    } finally {
      rotationDue.cancel();
      lock.release();
    }
  }
}
