package dev.fairlead.testkit.cluster.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.testkit.cluster.object.ApiException;
import dev.fairlead.testkit.cluster.object.Kind;
import dev.fairlead.testkit.cluster.object.Trees;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * All objects and their recent history. Every method is safe for concurrent use; {@link
 * #atomically} groups several. Objects handed out are shared: callers copy before they change one.
 */
public final class ObjectStore {

  /**
   * Objects as they were at one moment.
   *
   * @param version the resource version of that moment
   * @param objects the objects, ordered by namespace and name
   */
  public record Snapshot(long version, List<ObjectNode> objects) {}

  private final ReentrantLock lock = new ReentrantLock();
  private final NavigableMap<Change.Key, ObjectNode> objects = new TreeMap<>();
  private final @Nullable Change[] history;
  private final Clock clock;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private Consumer<Change> controller = change -> {};
  private long version;

  /**
   * @param clock source of creation timestamps
   * @param historySize how many changes a watch may lag behind
   */
  public ObjectStore(Clock clock, int historySize) {
    this.clock = clock;
    this.history = new Change[historySize];
  }

  /** Sets what runs inside the transaction of each change, and may make further changes. */
  public void controller(Consumer<Change> reaction) {
    controller = reaction;
  }

  /** Runs work that no other change interleaves with. */
  public <T> T atomically(Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Adds a callback that runs after each change, on the changing thread; it must return at once.
   */
  public void listen(Runnable listener) {
    listeners.add(listener);
  }

  public void unlisten(Runnable listener) {
    listeners.remove(listener);
  }

  /** {@return now, as RFC 3339 with seconds} */
  public String now() {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
  }

  public long version() {
    return atomically(() -> version);
  }

  public Optional<ObjectNode> find(Change.Key key) {
    return atomically(() -> Optional.ofNullable(objects.get(key)));
  }

  /**
   * Reads one object.
   *
   * @throws ApiException 404 when there is none
   */
  public ObjectNode get(Change.Key key) {
    return find(key).orElseThrow(() -> ApiException.notFound(key.kind(), key.name()));
  }

  /** {@return all objects of a kind, in one namespace or with an empty one in all} */
  public List<ObjectNode> list(Kind kind, String namespace) {
    return atomically(
        () -> {
          List<ObjectNode> found = new ArrayList<>();
          NavigableMap<Change.Key, ObjectNode> tail =
              objects.tailMap(new Change.Key(kind, namespace, ""), true);
          for (var entry : tail.entrySet()) {
            Change.Key key = entry.getKey();
            if (!key.kind().equals(kind)
                || (!namespace.isEmpty() && !key.namespace().equals(namespace))) {
              break;
            }
            found.add(entry.getValue());
          }
          return found;
        });
  }

  /**
   * Lists as of a moment.
   *
   * @param at resource version to go back to, or 0 for now
   * @throws ApiException 410 when the history no longer reaches back that far
   */
  public Snapshot snapshot(Kind kind, String namespace, long at) {
    return atomically(
        () -> {
          List<ObjectNode> now = list(kind, namespace);
          if (at == 0 || at == version) {
            return new Snapshot(version, now);
          }
          NavigableMap<Change.Key, ObjectNode> past = new TreeMap<>();
          now.forEach(object -> past.put(keyOf(kind, object), object));
          List<Change> undo = since(at, Integer.MAX_VALUE);
          for (int i = undo.size() - 1; i >= 0; i--) {
            Change change = undo.get(i);
            Change.Key key = change.key();
            if (!key.kind().equals(kind)
                || (!namespace.isEmpty() && !key.namespace().equals(namespace))) {
              continue;
            }
            if (change.before() == null) {
              past.remove(key);
            } else {
              past.put(key, change.before());
            }
          }
          return new Snapshot(at, List.copyOf(past.values()));
        });
  }

  /**
   * Reads the changes after a version.
   *
   * @param after resource version the reader has seen
   * @param limit at most this many
   * @throws ApiException 410 when some of them are forgotten
   */
  public List<Change> since(long after, int limit) {
    return atomically(
        () -> {
          long oldest = Math.max(1, version - history.length + 1);
          if (after < oldest - 1) {
            throw ApiException.expired(
                "too old resource version: " + after + " (" + (oldest - 1) + ")");
          }
          List<Change> changes = new ArrayList<>();
          for (long v = after + 1; v <= version && changes.size() < limit; v++) {
            Change change = history[(int) (v % history.length)];
            if (change != null) {
              changes.add(change);
            }
          }
          return changes;
        });
  }

  /**
   * Stores a new object: gives it uid, creation time and resource version.
   *
   * @return the stored object
   * @throws ApiException 409 when the name is taken
   */
  public ObjectNode create(Kind kind, ObjectNode object) {
    return atomically(
        () -> {
          Change.Key key = keyOf(kind, object);
          if (objects.containsKey(key)) {
            throw ApiException.alreadyExists(kind, key.name());
          }
          ObjectNode stored = object.deepCopy();
          ObjectNode metadata = Trees.child(stored, "metadata");
          metadata.put("uid", UUID.randomUUID().toString()).put("creationTimestamp", now());
          commit(key, null, stored);
          return objects.getOrDefault(key, stored);
        });
  }

  /**
   * Replaces an object. Nothing happens when nothing differs.
   *
   * @return the stored object
   * @throws ApiException 404 when it is gone
   */
  public ObjectNode replace(Kind kind, ObjectNode object) {
    return atomically(
        () -> {
          Change.Key key = keyOf(kind, object);
          ObjectNode before = get(key);
          ObjectNode stored = object.deepCopy();
          Trees.child(stored, "metadata")
              .set("resourceVersion", Trees.at(before, "metadata", "resourceVersion"));
          if (stored.equals(before)) {
            return before;
          }
          commit(key, before, stored);
          return objects.getOrDefault(key, stored);
        });
  }

  /**
   * Removes an object.
   *
   * @return its last state
   * @throws ApiException 404 when it is gone
   */
  public ObjectNode remove(Change.Key key) {
    return atomically(
        () -> {
          ObjectNode before = get(key);
          commit(key, before, null);
          return before;
        });
  }

  /** {@return the identity of an object} */
  public static Change.Key keyOf(Kind kind, ObjectNode object) {
    return new Change.Key(
        kind,
        kind.namespaced() ? Trees.text(object, "metadata", "namespace") : "",
        Trees.text(object, "metadata", "name"));
  }

  private void commit(Change.Key key, @Nullable ObjectNode before, @Nullable ObjectNode after) {
    version++;
    ObjectNode last;
    if (after != null) {
      last = after;
      objects.put(key, after);
    } else if (before != null) {
      last = before.deepCopy();
      objects.remove(key);
    } else {
      throw new IllegalArgumentException("a change from nothing to nothing");
    }
    Trees.child(last, "metadata").put("resourceVersion", Long.toString(version));
    Change change = new Change(version, key, before, after, last);
    history[(int) (version % history.length)] = change;
    controller.accept(change);
    listeners.forEach(Runnable::run);
  }
}
