package dev.fairlead.core.authorization;

import dev.fairlead.api.ConflictException;
import dev.fairlead.api.InvalidException;
import dev.fairlead.api.Time;
import dev.fairlead.api.auth.AccessRequest;
import dev.fairlead.api.auth.Authorizer;
import dev.fairlead.api.auth.Decision;
import dev.fairlead.api.auth.Grounds;
import dev.fairlead.core.grounds.GroundsFeed;
import dev.fairlead.core.store.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Roles that can be replaced while a hub runs: as a whole, so that each decision is by the old ones
 * or by the new ones, and told to whoever follows, so that what the new ones no longer allow ends.
 * Safe for use by any thread; decisions take no lock.
 */
public final class ReloadableRoles implements Authorizer, Grounds, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ReloadableRoles.class);

  private final GroundsFeed feed = new GroundsFeed();
  private final @Nullable Path file;

  /** Held over reading, on purpose: of two reloads the later one has to read the newer text. */
  private final ReentrantLock reloading = new ReentrantLock();

  private volatile Roles current;
  private String text;
  private volatile String refused = "";
  private volatile boolean closed;
  private volatile Time.@Nullable Scheduled next;

  private ReloadableRoles(@Nullable Path file, String text, Roles roles) {
    this.file = file;
    this.text = text;
    this.current = roles;
  }

  /**
   * Begins with roles of whatever origin, to be replaced by {@link #replace}.
   *
   * @param roles the first ones
   * @return reloadable roles without a file
   */
  public static ReloadableRoles of(Roles roles) {
    return new ReloadableRoles(null, "", Objects.requireNonNull(roles, "roles"));
  }

  /**
   * Reads roles from a YAML file that may change. Blocks.
   *
   * @param file a file in the form of {@link Roles#parse}
   * @return the roles
   * @throws InvalidException if the file cannot be read, or with all its mistakes
   */
  public static ReloadableRoles load(Path file) {
    String text = YamlFile.read(file);
    return new ReloadableRoles(file, text, Roles.parse(text, file.toString()));
  }

  /**
   * The roles that decide at the moment.
   *
   * @return the newest ones
   */
  public Roles current() {
    return current;
  }

  /**
   * Decides by other roles from now on, and tells whoever follows.
   *
   * @param roles the new ones
   */
  public void replace(Roles roles) {
    current = Objects.requireNonNull(roles, "roles");
    feed.rulesChanged("the roles were changed");
  }

  /**
   * Decides by other roles from now on, unless something came between, and writes them into the
   * file, if there is one, as JSON, which is YAML, too. Blocks.
   *
   * @param from what {@link #current} was when the change was thought of
   * @param to what it is to be
   * @return whether it was done; not if the roles or the file are others than {@code from}
   *     meanwhile
   * @throws ConflictException if the file cannot be written; then nothing changes
   */
  public boolean change(Roles from, Roles to) {
    Objects.requireNonNull(to, "to");
    reloading.lock();
    try {
      if (current != from) {
        return false;
      }
      Path source = file;
      if (source != null) {
        if (!YamlFile.read(source).equals(text)) {
          return false;
        }
        String json = RolesText.json(to);
        try {
          new WholeFile(source).write(json.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
          throw new ConflictException(
              "roles: " + source + " cannot be written (expected: a file this hub may replace)", e);
        }
        text = json;
      }
      replace(to);
      return true;
    } finally {
      reloading.unlock();
    }
  }

  /**
   * Reads the file again and decides by it from now on. Blocks.
   *
   * @return whether it has changed since it was read last
   * @throws InvalidException if it cannot be read, or with all its mistakes; then nothing changes
   * @throws IllegalStateException if there is no file
   */
  public boolean reload() {
    Path source = file;
    if (source == null) {
      throw new IllegalStateException("roles: not from a file (expected: load(file) or replace())");
    }
    reloading.lock();
    try {
      String now = YamlFile.read(source);
      if (now.equals(text)) {
        return false;
      }
      Roles roles = Roles.parse(now, source.toString());
      text = now;
      replace(roles);
    } finally {
      reloading.unlock();
    }
    log.info("roles: reloaded {}, {}", source, current);
    return true;
  }

  /**
   * Reloads the file whenever it has changed. A file with mistakes is logged, once, and changes
   * nothing. Ends with {@link #close}.
   *
   * @param time the clock
   * @param every how often to look, more than zero
   * @param reading where the file is read, as that blocks
   * @return this
   * @throws IllegalStateException if there is no file
   */
  public ReloadableRoles watch(Time time, Duration every, Executor reading) {
    if (file == null) {
      throw new IllegalStateException("roles: not from a file (expected: load(file))");
    }
    if (every.isZero() || every.isNegative()) {
      throw new InvalidException("every: " + every + " (expected: more than zero)");
    }
    schedule(time, every, reading);
    return this;
  }

  private void schedule(Time time, Duration every, Executor reading) {
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
              schedule(time, every, reading);
            });
    if (closed) {
      close();
    }
  }

  private void look() {
    if (closed) {
      return;
    }
    try {
      reload();
      refused = "";
    } catch (InvalidException e) {
      String message = String.valueOf(e.getMessage());
      if (!message.equals(refused)) {
        refused = message;
        log.error("roles: those before stay in force: {}", message);
      }
    }
  }

  @Override
  public CompletionStage<Decision> authorize(AccessRequest request) {
    return current.authorize(request);
  }

  @Override
  public Following follow(Listener listener) {
    return feed.follow(listener);
  }

  /** Stops to watch the file; decisions are still made. Any number of times. */
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
    return "Reloadable" + current;
  }
}
