package dev.fairlead.core.audit;

import dev.fairlead.core.store.WholeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The last checkpoint, kept beside the files, so that it shows if they end before it. */
final class ChainHead {

  private final WholeFile file;
  private @Nullable ChainLink link;

  private ChainHead(Path path, @Nullable ChainLink link) {
    this.file = new WholeFile(path);
    this.link = link;
  }

  static ChainHead open(AuditFiles files, PublicKey key) throws IOException {
    Path path = files.head();
    if (!Files.exists(path)) {
      return new ChainHead(path, null);
    }
    byte[] line = Files.readAllBytes(path);
    Checkpoint checkpoint = AuditVerifier.checkpoint(line, Map.of(Checkpoint.id(key), key));
    if (checkpoint == null) {
      throw new IOException(
          path
              + ": no checkpoint that the key "
              + Checkpoint.id(key)
              + " signed (expected: the last one; with another key, move the files and "
              + files.directory()
              + " away, and a new trail begins)");
    }
    return new ChainHead(path, checkpoint.before().then(line));
  }

  /** Whether there was one. */
  boolean isKnown() {
    return link != null;
  }

  /** The last checkpoint's place; before there is any, the beginning. */
  ChainLink link() {
    ChainLink present = link;
    return present == null ? ChainLink.START : present;
  }

  /** Replaces it; its record is on disk already. */
  void keep(byte[] line) throws IOException {
    ChainedLine parsed = ChainedLine.parse(line);
    if (parsed == null) {
      throw new IllegalArgumentException("no record (expected: a checkpoint's line)");
    }
    file.write(line);
    link = new ChainLink(parsed.sequence(), ChainLink.sha256(line));
  }
}
