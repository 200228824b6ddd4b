package dev.fairlead.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Files for their owner alone: a directory of mode 0700 and files of mode 0600. Where others may
 * touch them they are refused rather than used. A file is replaced as a whole, so that whoever
 * reads sees the old one or the new one.
 */
final class StateDirectory {

  private static final FileAttribute<Set<PosixFilePermission>> FOR_OWNER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final FileAttribute<Set<PosixFilePermission>> FILE_FOR_OWNER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final int LARGEST = 1 << 20;

  private final Path place;
  private final Pause pause;

  StateDirectory(Path place, Pause pause) {
    this.place = place.toAbsolutePath().normalize();
    this.pause = pause;
  }

  /** Reads a file, or nothing if there is none. */
  Optional<String> read(String name) {
    Path file = place.resolve(name);
    try {
      if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        return Optional.empty();
      }
      requirePrivate(place, true);
      requirePrivate(file, false);
      try (var in = Files.newInputStream(file)) {
        byte[] bytes = in.readNBytes(LARGEST + 1);
        if (bytes.length > LARGEST) {
          throw new Refusal(file + ": more than " + LARGEST + " bytes; remove it and sign in anew");
        }
        return Optional.of(new String(bytes, StandardCharsets.UTF_8));
      }
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw unusable(file, e);
    }
  }

  /** Writes a file in place of the former one, and returns when it is on disk. */
  void replace(String name, String text) {
    make();
    Path file = place.resolve(name);
    Path draft =
        place.resolve(
            "."
                + name
                + "."
                + ProcessHandle.current().pid()
                + "-"
                + Thread.currentThread().getId()
                + ".new");
    try {
      Files.deleteIfExists(draft);
      try (FileChannel out =
          FileChannel.open(
              draft,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              FILE_FOR_OWNER)) {
        ByteBuffer rest = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (rest.hasRemaining()) {
          out.write(rest);
        }
        out.force(true);
      }
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw unusable(file, e);
    }
  }

  /** Removes a file, if it is there. */
  void remove(String name) {
    try {
      Files.deleteIfExists(place.resolve(name));
    } catch (IOException e) {
      throw unusable(place.resolve(name), e);
    }
  }

  /**
   * Waits until no other process, and nobody else in this one, has the lock of a name.
   *
   * @param atMost how long to wait
   * @return held until it is closed
   * @throws Refusal.Unreachable if somebody else had it for too long
   */
  Lock lock(String name, Duration atMost) {
    make();
    Path file = place.resolve(name + ".lock");
    try {
      FileChannel channel =
          FileChannel.open(
              file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), FILE_FOR_OWNER);
      try {
        requirePrivate(file, false);
        Duration step = Duration.ofMillis(20);
        for (long left = atMost.dividedBy(step); left > 0; left--) {
          FileLock lock = tryLock(channel);
          if (lock != null) {
            return new Lock(channel);
          }
          pause.pause(step);
        }
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
      channel.close();
    } catch (IOException e) {
      throw unusable(file, e);
    }
    throw new Refusal.Unreachable(
        file + ": another fairlead has held it for " + atMost.toSeconds() + " s; try again");
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  /** A lock that is held. */
  record Lock(FileChannel channel) implements AutoCloseable {
    @Override
    public void close() {
      try {
        channel.close();
      } catch (IOException e) {
        throw new Refusal("the lock was not given back: " + e.getMessage(), e);
      }
    }
  }

  private void make() {
    try {
      if (place.getParent() != null) {
        Files.createDirectories(place.getParent());
      }
      try {
        Files.createDirectory(place, FOR_OWNER);
      } catch (FileAlreadyExistsException e) {
        requirePrivate(place, true);
      }
    } catch (IOException e) {
      throw unusable(place, e);
    }
  }

  private static void requirePrivate(Path path, boolean directory) throws IOException {
    if (directory != Files.isDirectory(path)) {
      throw new Refusal(path + ": is no " + (directory ? "directory" : "file") + "; remove it");
    }
    String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    if (!mode.endsWith("------")) {
      String octal = directory ? "700" : "600";
      throw new Refusal(
          path
              + ": has mode "
              + mode
              + ", so that others may have read your tokens; sign out, run: chmod "
              + octal
              + " "
              + path
              + ", and sign in anew");
    }
  }

  private static Refusal unusable(Path path, IOException e) {
    return new Refusal(
        path + ": " + e.getClass().getSimpleName() + " (expected: a place you may write to)", e);
  }

  @Override
  public String toString() {
    return place.toString();
  }
}
