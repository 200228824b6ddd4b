package dev.fairlead.core.store;

import dev.fairlead.api.InvalidException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a second hub out of a directory. The system's lock, on the file {@code lock}, ends with the
 * process that holds it.
 *
 * <p>Within one process that is not enough: POSIX forgets a lock as soon as its process closes any
 * channel of the file, even one that failed to lock it. Who holds the lock therefore stands in a
 * second file, {@code lock.holder}, and a hub that finds its own process there does not touch the
 * first.
 */
public final class DirectoryLock {

  private static final int LONGEST_HOLDER = 256;

  /** Tells this process from all others, also from an earlier one with the same number. */
  private static final String PROCESS = ProcessHandle.current().pid() + " " + UUID.randomUUID();

  private final FileChannel channel;
  private final Path holder;

  private DirectoryLock(FileChannel channel, Path holder) {
    this.channel = channel;
    this.holder = holder;
  }

  /**
   * Takes the lock, or fails at once.
   *
   * @param directory a directory that exists
   * @return the lock, to be released
   * @throws InvalidException if it is taken, or the file system has no locks
   */
  public static DirectoryLock take(Path directory) {
    Path file = directory.resolve("lock");
    Path holder = directory.resolve("lock.holder");
    try {
      if (PROCESS.equals(heldBy(holder))) {
        throw inUse(directory, "this process");
      }
      FileChannel channel =
          FileChannel.open(
              file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), WholeFile.PRIVATE);
      try {
        if (!tryLock(channel)) {
          throw inUse(directory, describe(heldBy(holder)));
        }
        new WholeFile(holder).write(PROCESS.getBytes(StandardCharsets.UTF_8));
        return new DirectoryLock(channel, holder);
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw new InvalidException(
          "store directory: "
              + directory
              + " cannot be locked (expected: a file system with locks)",
          e);
    }
  }

  private static boolean tryLock(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  private static @Nullable String heldBy(Path holder) throws IOException {
    try (var in = Files.newInputStream(holder)) {
      return new String(in.readNBytes(LONGEST_HOLDER), StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  private static String describe(@Nullable String held) {
    String pid = held == null ? "" : held.split(" ", 2)[0];
    return pid.matches("[0-9]{1,10}") ? "process " + pid : "another process";
  }

  private static InvalidException inUse(Path directory, String who) {
    return new InvalidException(
        "store directory: "
            + directory
            + " is used by a hub in "
            + who
            + " (expected: one hub per directory; stop the other one or name another directory)");
  }

  /** Lets others in. */
  public void release() {
    try (channel) {
      Files.deleteIfExists(holder);
    } catch (IOException e) {
      throw new UncheckedIOException("store directory: the lock of " + holder + " stays behind", e);
    }
  }
}
