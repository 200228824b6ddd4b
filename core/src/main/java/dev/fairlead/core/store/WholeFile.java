package dev.fairlead.core.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * A file that is only ever replaced as a whole, and is on disk when that returns. One writer at a
 * time.
 */
public final class WholeFile {

  static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final Path path;
  private final Path draft;

  /**
   * A file that may exist or not.
   *
   * @param path the file; beside it one of the same name that ends in {@code .tmp} comes and goes
   */
  public WholeFile(Path path) {
    this.path = path;
    this.draft = path.resolveSibling(path.getFileName() + ".tmp");
  }

  Path path() {
    return path;
  }

  /** Removes what a process left behind that died while it wrote. */
  void removeDraft() throws IOException {
    Files.deleteIfExists(draft);
  }

  /**
   * Replaces the contents, in a file of mode 0600. An interrupt does not end it half-way, but is
   * kept for the caller.
   *
   * @param contents all of it
   * @throws IOException if that failed; then the file has its former contents, or, if only the
   *     directory could not be forced to disk, perhaps the new ones
   */
  public void write(byte[] contents) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      while (true) {
        try {
          replace(contents);
          return;
        } catch (ClosedByInterruptException e) {
          // An interrupt closes the channel it meets; the write begins again with the interrupt set
          // aside.
          Thread.interrupted();
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void replace(byte[] contents) throws IOException {
    removeDraft();
    try {
      try (FileChannel out =
          FileChannel.open(
              draft, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), PRIVATE)) {
        ByteBuffer rest = ByteBuffer.wrap(contents);
        while (rest.hasRemaining()) {
          out.write(rest);
        }
        out.force(true);
      }
      Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      try {
        removeDraft();
      } catch (IOException second) {
        e.addSuppressed(second);
      }
      throw e;
    }
    try (FileChannel directory =
        FileChannel.open(path.resolveSibling(""), StandardOpenOption.READ)) {
      directory.force(true);
    }
  }
}
