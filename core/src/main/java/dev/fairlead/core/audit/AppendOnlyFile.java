package dev.fairlead.core.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A file of mode 0600 that only grows. Opened anew after a failure, and when somebody moved or
 * removed it, so that rotation by renaming loses nothing.
 */
final class AppendOnlyFile implements LineOutput {

  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  private final Path path;
  private final boolean force;
  private @Nullable FileChannel channel;
  private @Nullable Object fileKey;

  AppendOnlyFile(Path path, boolean force) throws IOException {
    this.path = path;
    this.force = force;
    this.channel = open();
  }

  @Override
  public void append(ByteBuffer lines) throws IOException {
    try {
      FileChannel out = current();
      while (lines.hasRemaining()) {
        out.write(lines);
      }
      if (force) {
        out.force(false);
      }
    } catch (IOException e) {
      closeAfter(e);
      throw e;
    }
  }

  private FileChannel current() throws IOException {
    FileChannel open = channel;
    if (open != null && !isStillThere()) {
      close();
      open = null;
    }
    if (open == null) {
      open = open();
      channel = open;
    }
    return open;
  }

  private boolean isStillThere() throws IOException {
    try {
      return Objects.equals(fileKey, keyOf(path));
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private FileChannel open() throws IOException {
    boolean posix = path.getFileSystem().supportedFileAttributeViews().contains("posix");
    FileAttribute<?>[] mode =
        posix
            ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
            : new FileAttribute<?>[0];
    FileChannel opened =
        FileChannel.open(
            path,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND),
            mode);
    try {
      if (posix) {
        requireOwnerOnly();
      }
      endLastLine(opened);
      fileKey = keyOf(path);
      return opened;
    } catch (IOException e) {
      try {
        opened.close();
      } catch (IOException atClose) {
        e.addSuppressed(atClose);
      }
      throw e;
    }
  }

  private void requireOwnerOnly() throws IOException {
    Set<PosixFilePermission> found = Files.getPosixFilePermissions(path);
    if (!OWNER_ONLY.containsAll(found)) {
      throw new IOException(
          path + ": mode " + PosixFilePermissions.toString(found) + " (expected: rw-------)");
    }
  }

  /** A line that was cut off by a crash or a full disk must not swallow the next one. */
  private void endLastLine(FileChannel opened) throws IOException {
    long size = opened.size();
    if (size == 0) {
      return;
    }
    ByteBuffer last = ByteBuffer.allocate(1);
    try (FileChannel in = FileChannel.open(path, StandardOpenOption.READ)) {
      in.read(last, size - 1);
    }
    if (last.get(0) != '\n') {
      opened.write(ByteBuffer.wrap(new byte[] {'\n'}));
    }
  }

  private static @Nullable Object keyOf(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
  }

  private void closeAfter(IOException failure) {
    try {
      close();
    } catch (IOException atClose) {
      failure.addSuppressed(atClose);
    }
  }

  @Override
  public void close() throws IOException {
    FileChannel open = channel;
    channel = null;
    if (open != null) {
      open.close();
    }
  }
}
