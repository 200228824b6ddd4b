package dev.fairlead.core.authorization;

import dev.fairlead.api.InvalidException;
import dev.fairlead.api.Time;
import dev.fairlead.api.auth.AccessRequest;
import dev.fairlead.api.auth.Authorizer;
import dev.fairlead.api.auth.Decision;
import dev.fairlead.api.auth.Grounds;
import dev.fairlead.api.store.RoleStore;
import dev.fairlead.api.store.RoleStore.StoredRoles;
import dev.fairlead.core.grounds.GroundsFeed;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Roles that can be replaced while a hub runs: as a whole, so that each decision is by the old ones
 * or by the new ones, and told to whoever follows, so that what the new ones no longer allow ends.
 * They are kept in a {@link RoleStore}, whose changes they follow. Safe for use by any thread;
 * decisions take no lock and ask no store.
 */
public final class ReloadableRoles implements Authorizer, Grounds, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ReloadableRoles.class);
  private static final Roles NONE = Roles.builder().build();

  private final GroundsFeed feed = new GroundsFeed();
  private final @Nullable RoleStore store;

  /** Held over reading, on purpose: of two reloads the later one has to read the newer text. */
  private final ReentrantLock reloading = new ReentrantLock();

  private volatile Roles current;

  /** What {@link #current} was read from; null before anything was. Under the lock. */
  private @Nullable StoredRoles stored;

  private RoleStore.@Nullable Watch watch;
  private volatile String refused = "";
  private volatile boolean closed;

  private ReloadableRoles(@Nullable RoleStore store, Roles roles) {
    this.store = store;
    this.current = roles;
  }

  /**
   * Begins with roles of whatever origin, to be replaced by {@link #replace}.
   *
   * @param roles the first ones
   * @return reloadable roles without a store
   */
  public static ReloadableRoles of(Roles roles) {
    return new ReloadableRoles(null, Objects.requireNonNull(roles, "roles"));
  }

  /**
   * The roles of a store, such as a hub's own: {@code ReloadableRoles.in(stores.roles())}. They are
   * read by {@link #open}, which a hub calls when it has opened its stores; until then they allow
   * nothing.
   *
   * @param store where they are
   * @return reloadable roles that were not read yet
   */
  public static ReloadableRoles in(RoleStore store) {
    return new ReloadableRoles(Objects.requireNonNull(store, "store"), NONE);
  }

  /**
   * Reads roles from a YAML file that may change. Blocks.
   *
   * @param file a file in the form of {@link Roles#parse}
   * @return the roles, opened
   * @throws InvalidException if the file cannot be read, or with all its mistakes
   */
  public static ReloadableRoles load(Path file) {
    ReloadableRoles roles = in(RolesFile.at(file));
    roles.open();
    return roles;
  }

  /**
   * Reads the store and follows it from now on; does nothing if that was done, or if there is no
   * store. Blocks.
   *
   * @throws InvalidException if the store cannot be read, or with all mistakes of what is there
   */
  public void open() {
    RoleStore source = store;
    if (source == null) {
      return;
    }
    reloading.lock();
    try {
      if (watch == null && !closed) {
        reload();
        watch = source.watch(this::follow);
        // What was changed between the two.
        reload();
      }
    } finally {
      reloading.unlock();
    }
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
   * Decides by other roles from now on, and tells whoever follows. A store is not told: it is for
   * roles without one.
   *
   * @param roles the new ones
   */
  public void replace(Roles roles) {
    current = Objects.requireNonNull(roles, "roles");
    feed.rulesChanged("the roles were changed");
  }

  /**
   * Decides by other roles from now on, unless something came between, and puts them into the
   * store, if there is one, as JSON, which is YAML, too. Blocks.
   *
   * @param from what {@link #current} was when the change was thought of
   * @param to what it is to be
   * @return whether it was done; not if the roles, here or in the store, are others than {@code
   *     from} meanwhile
   * @throws dev.fairlead.api.ConflictException if the store may not be changed by this hub; then
   *     nothing changes
   */
  public boolean change(Roles from, Roles to) {
    Objects.requireNonNull(to, "to");
    reloading.lock();
    try {
      if (current != from) {
        return false;
      }
      RoleStore target = store;
      if (target == null) {
        replace(to);
        return true;
      }
      StoredRoles before = stored;
      if (before == null || !target.replace(before, new StoredRoles(RolesText.json(to)))) {
        return false;
      }
      reload();
      return true;
    } finally {
      reloading.unlock();
    }
  }

  /**
   * Reads the store again and decides by it from now on. Blocks.
   *
   * @return whether it has changed since it was read last
   * @throws InvalidException if it cannot be read, or with all its mistakes; then nothing changes
   * @throws IllegalStateException if there is no store
   */
  public boolean reload() {
    RoleStore source = store;
    if (source == null) {
      throw new IllegalStateException(
          "roles: not from a store (expected: load(file), in(store) or replace())");
    }
    reloading.lock();
    try {
      StoredRoles now = source.get();
      if (now.equals(stored)) {
        return false;
      }
      Roles roles = now.text().isEmpty() ? NONE : Roles.parse(now.text(), name(source));
      boolean first = stored == null;
      stored = now;
      if (first) {
        current = roles;
        return false;
      }
      replace(roles);
    } finally {
      reloading.unlock();
    }
    log.info("roles: reloaded {}, {}", name(source), current);
    return true;
  }

  private static String name(RoleStore source) {
    return source instanceof RolesFile file ? file.toString() : "roles";
  }

  /**
   * Looks at the file of {@link #load} at intervals, as a file does not tell of changes by itself.
   * One with mistakes is logged, once, and changes nothing. Ends with {@link #close}.
   *
   * @param time the clock
   * @param every how often to look, more than zero
   * @param reading where the file is read, as that blocks
   * @return this
   * @throws IllegalStateException if there is no file
   */
  public ReloadableRoles watch(Time time, Duration every, Executor reading) {
    if (!(store instanceof RolesFile file)) {
      throw new IllegalStateException("roles: not from a file (expected: load(file))");
    }
    file.lookEvery(every, time, reading);
    return this;
  }

  /** The store told of a change. */
  private void follow() {
    if (closed) {
      return;
    }
    try {
      reload();
      refused = "";
    } catch (RuntimeException e) {
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

  /** Follows the store no more; decisions are still made. Any number of times. */
  @Override
  public void close() {
    closed = true;
    reloading.lock();
    try {
      if (watch != null) {
        watch.close();
      }
    } finally {
      reloading.unlock();
    }
    if (store instanceof RolesFile file) {
      file.close();
    }
  }

  @Override
  public String toString() {
    return "Reloadable" + current;
  }
}
