package dev.fairlead.testkit.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.testkit.cluster.object.ApiException;
import dev.fairlead.testkit.cluster.object.Kind;
import dev.fairlead.testkit.cluster.object.Trees;
import dev.fairlead.testkit.cluster.store.Change;
import dev.fairlead.testkit.cluster.store.ObjectStore;
import dev.fairlead.testkit.cluster.wire.ChunkSource;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A watch. It holds no queue of its own but reads the store's history at the client's pace; a
 * client that falls behind what the history keeps is told that its version expired.
 */
final class WatchSource implements ChunkSource {
  private static final int BATCH = 64;
  private static final String INITIAL_END = "k8s.io/initial-events-end";

  private final ObjectStore store;
  private final Kind kind;
  private final String namespace;
  private final Predicate<JsonNode> selection;
  private final Function<ObjectNode, JsonNode> shape;
  private final boolean bookmarks;
  private final Deque<ObjectNode> initial = new ArrayDeque<>();
  private final Deque<Change> batch = new ArrayDeque<>();
  private @Nullable Runnable listener;
  private long seen;
  private boolean initialEndDue;
  private boolean bookmarkDue;
  private boolean expiring;
  private boolean done;

  WatchSource(
      ObjectStore store,
      Kind kind,
      String namespace,
      Predicate<JsonNode> selection,
      Function<ObjectNode, JsonNode> shape,
      boolean bookmarks) {
    this.store = store;
    this.kind = kind;
    this.namespace = namespace;
    this.selection = selection;
    this.shape = shape;
    this.bookmarks = bookmarks;
  }

  /** Begins with all that exists, then its end marked by a bookmark if asked for. */
  void startWithState(boolean markEnd) {
    ObjectStore.Snapshot snapshot = store.snapshot(kind, namespace, 0);
    snapshot.objects().stream().filter(selection).forEach(initial::add);
    seen = snapshot.version();
    initialEndDue = markEnd && bookmarks;
  }

  /** Begins with the first change after a version. */
  void startAfter(long version) {
    seen = version;
  }

  @Override
  public void onAvailable(Runnable callback) {
    listener = callback;
    store.listen(callback);
  }

  @Override
  public byte @Nullable [] next() {
    ObjectNode existing = initial.poll();
    if (existing != null) {
      return event("ADDED", shape.apply(existing));
    }
    if (initialEndDue) {
      initialEndDue = false;
      return bookmark(true);
    }
    while (!done) {
      Change change = batch.poll();
      if (change != null) {
        seen = change.version();
        byte[] event = relevant(change);
        if (event != null) {
          return event;
        }
        continue;
      }
      try {
        batch.addAll(store.since(seen, BATCH));
      } catch (ApiException expired) {
        done = true;
        return event("ERROR", expired.toStatus());
      }
      if (batch.isEmpty()) {
        done = expiring;
        if (bookmarkDue) {
          bookmarkDue = false;
          return bookmark(false);
        }
        return null;
      }
    }
    return null;
  }

  private byte @Nullable [] relevant(Change change) {
    Change.Key key = change.key();
    if (!key.kind().equals(kind) || (!namespace.isEmpty() && !key.namespace().equals(namespace))) {
      return null;
    }
    boolean was = change.before() != null && selection.test(change.before());
    boolean is = change.after() != null && selection.test(change.after());
    if (!was && !is) {
      return null;
    }
    if (is) {
      return event(was ? "MODIFIED" : "ADDED", shape.apply(change.last()));
    }
    ObjectNode last = change.last();
    if (change.after() != null && change.before() != null) {
      last = change.before().deepCopy();
      Trees.child(last, "metadata").put("resourceVersion", Long.toString(change.version()));
    }
    return event("DELETED", shape.apply(last));
  }

  private byte[] bookmark(boolean initialEnd) {
    ObjectNode object = Trees.object().put("kind", kind.name());
    object.put("apiVersion", kind.apiVersion());
    ObjectNode metadata = object.putObject("metadata");
    metadata.put("resourceVersion", Long.toString(seen)).putNull("creationTimestamp");
    if (initialEnd) {
      metadata.putObject("annotations").put(INITIAL_END, "true");
    }
    return event("BOOKMARK", object);
  }

  private static byte[] event(String type, JsonNode object) {
    ObjectNode event = Trees.object().put("type", type);
    event.set("object", object);
    byte[] json = Trees.bytes(event);
    byte[] line = Arrays.copyOf(json, json.length + 1);
    line[json.length] = '\n';
    return line;
  }

  @Override
  public boolean done() {
    return done;
  }

  @Override
  public void pulse() {
    bookmarkDue = bookmarks;
  }

  @Override
  public void expire() {
    bookmarkDue = bookmarks;
    expiring = true;
  }

  @Override
  public void close() {
    if (listener != null) {
      store.unlisten(listener);
    }
  }
}
