package dev.fairlead.core.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An open file of mode 0600 that only grows, and only by what is appended here. */
final class AppendOnlyFile {

  private final Path path;
  private final FileChannel channel;
  private final @Nullable Object identity;
  private long length;

  private AppendOnlyFile(Path path, FileChannel channel) throws IOException {
    this.path = path;
    this.channel = channel;
    this.identity = identityOf(path);
    this.length = channel.size();
  }

  /** Opens a file, or makes it. */
  static AppendOnlyFile open(Path path) throws IOException {
    FileChannel opened =
        FileChannel.open(
            path,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND),
            OwnerOnly.attributes(path));
    try {
      OwnerOnly.require(path);
      return new AppendOnlyFile(path, opened);
    } catch (IOException e) {
      try {
        opened.close();
      } catch (IOException atClose) {
        e.addSuppressed(atClose);
      }
      throw e;
    }
  }

  /** Tells this file from another one in its place. */
  @Nullable Object identity() {
    return identity;
  }

  /** How long it is, as far as is known here. */
  long length() {
    return length;
  }

  /** Whether nobody moved or removed it. */
  boolean isStillThere() throws IOException {
    try {
      return Objects.equals(identity, identityOf(path));
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** Fails if somebody else wrote to it, or cut it. */
  void requireUntouched() throws IOException {
    long found = channel.size();
    if (found != length) {
      throw new IOException(
          path
              + ": "
              + found
              + " bytes (expected: the "
              + length
              + " that this hub wrote; move the file away and the trail goes on in a new one)");
    }
  }

  void append(ByteBuffer lines) throws IOException {
    int bytes = lines.remaining();
    while (lines.hasRemaining()) {
      channel.write(lines);
    }
    length += bytes;
  }

  void force() throws IOException {
    channel.force(false);
  }

  void close() throws IOException {
    channel.close();
  }

  private static @Nullable Object identityOf(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
  }
}
