package dev.fairlead.core.authorization;

import dev.fairlead.api.ConflictException;
import dev.fairlead.api.InvalidException;
import dev.fairlead.api.Time;
import dev.fairlead.api.store.RoleStore;
import dev.fairlead.core.store.Watches;
import dev.fairlead.core.store.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Roles in a YAML file that people edit, or mount: a store of one text. What is written by {@link
 * #replace} is on disk when that returns, as a whole, in a file of mode 0600; a file that cannot be
 * replaced, as in a mounted ConfigMap, is a store that is only read. Nobody else should write it at
 * the very moment of a {@link #replace}. Safe for use by any thread; {@link #get} reads the file.
 */
public final class RolesFile implements RoleStore, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(RolesFile.class);

  private final Path file;
  private final Watches watches = new Watches();

  /**
   * Held over reading and writing, on purpose: the later of two looks has to see the newer text.
   */
  private final ReentrantLock using = new ReentrantLock();

  /** The text that watchers know of, or null if it could not be read. */
  private @Nullable StoredRoles seen;

  private volatile boolean closed;
  private volatile Time.@Nullable Scheduled next;

  private RolesFile(Path file, StoredRoles seen) {
    this.file = file;
    this.seen = seen;
  }

  /**
   * Takes a file as a store. Blocks.
   *
   * @param file which is read now
   * @return the store
   * @throws InvalidException if it cannot be read, or is larger than 1 MiB
   */
  public static RolesFile at(Path file) {
    return new RolesFile(file, read(file));
  }

  private static StoredRoles read(Path file) {
    return new StoredRoles(YamlFile.read(file));
  }

  @Override
  public StoredRoles get() {
    using.lock();
    try {
      return read(file);
    } finally {
      using.unlock();
    }
  }

  @Override
  public boolean replace(StoredRoles before, StoredRoles after) {
    Objects.requireNonNull(before, "before");
    Objects.requireNonNull(after, "after");
    using.lock();
    try {
      if (!read(file).equals(before)) {
        return false;
      }
      new WholeFile(file).write(after.text().getBytes(StandardCharsets.UTF_8));
      seen = after;
    } catch (IOException e) {
      throw new ConflictException(
          "roles: " + file + " cannot be written (expected: a file this hub may replace)", e);
    } finally {
      using.unlock();
    }
    watches.tell();
    return true;
  }

  @Override
  public Watch watch(Runnable changed) {
    return watches.add(changed);
  }

  /**
   * Looks at intervals whether the file has changed, and tells who watches. Ends with {@link
   * #close}.
   *
   * @param time the clock
   * @param every how often to look, more than zero
   * @param reading where the file is read, as that blocks
   * @throws InvalidException if the interval is not more than zero
   */
  public void lookEvery(Duration every, Time time, Executor reading) {
    if (every.isZero() || every.isNegative()) {
      throw new InvalidException("every: " + every + " (expected: more than zero)");
    }
    schedule(every, time, reading);
  }

  private void schedule(Duration every, Time time, Executor reading) {
    if (closed) {
      return;
    }
    next =
        time.schedule(
            every,
            () -> {
              try {
                reading.execute(this::look);
              } catch (RejectedExecutionException e) {
                log.debug("roles: not looked at, the executor is busy or closed");
              }
              schedule(every, time, reading);
            });
    if (closed) {
      close();
    }
  }

  private void look() {
    if (!closed && hasChanged()) {
      watches.tell();
    }
  }

  private boolean hasChanged() {
    using.lock();
    try {
      StoredRoles before = seen;
      try {
        seen = read(file);
      } catch (InvalidException e) {
        // Who watches finds out by reading, and says so.
        seen = null;
      }
      return !Objects.equals(before, seen);
    } finally {
      using.unlock();
    }
  }

  /** Looks no more. Any number of times. */
  @Override
  public void close() {
    closed = true;
    Time.Scheduled waiting = next;
    if (waiting != null) {
      waiting.cancel();
    }
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
