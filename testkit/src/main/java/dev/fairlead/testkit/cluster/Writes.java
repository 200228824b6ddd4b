package dev.fairlead.testkit.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.testkit.cluster.object.ApiException;
import dev.fairlead.testkit.cluster.object.FieldOwners;
import dev.fairlead.testkit.cluster.object.Kind;
import dev.fairlead.testkit.cluster.object.Kinds;
import dev.fairlead.testkit.cluster.object.Trees;
import dev.fairlead.testkit.cluster.store.Change;
import dev.fairlead.testkit.cluster.store.ObjectStore;
import dev.fairlead.testkit.cluster.workload.Defaults;
import dev.fairlead.testkit.cluster.workload.Names;
import dev.fairlead.testkit.cluster.workload.Validation;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What happens to an object between a client's wish and the store. Runs inside the store's
 * transaction.
 */
final class Writes {
  private static final int SUFFIX = 5;
  private static final List<String> SERVER_OWNED =
      List.of(
          "uid",
          "creationTimestamp",
          "generation",
          "deletionTimestamp",
          "deletionGracePeriodSeconds",
          "selfLink");
  private static final Set<String> NO_GENERATION =
      Set.of("ConfigMap", "Secret", "Event", "ServiceAccount", "Namespace", "Node", "Lease");

  private final ObjectStore store;
  private final FieldOwners owners;
  private final Defaults defaults;
  private final Names names;

  Writes(ObjectStore store, FieldOwners owners, Defaults defaults, Names names) {
    this.store = store;
    this.owners = owners;
    this.defaults = defaults;
    this.names = names;
  }

  /** Creates an object; with {@code owned} its managedFields are already in it. */
  ObjectNode create(
      Kind kind, ObjectNode object, FieldOwners.Writer writer, boolean dryRun, boolean owned) {
    requireNamespace(kind, object);
    ObjectNode metadata = Trees.child(object, "metadata");
    if (Trees.text(metadata, "name").isEmpty() && metadata.hasNonNull("generateName")) {
      metadata.put("name", Trees.text(metadata, "generateName") + names.suffix(SUFFIX));
    }
    if (metadata.hasNonNull("resourceVersion")
        && !Trees.text(metadata, "resourceVersion").isEmpty()) {
      throw ApiException.badRequest("resourceVersion should not be set on objects to be created");
    }
    metadata.remove(SERVER_OWNED);
    if (kind.subresources().contains("status")) {
      object.remove("status");
    }
    if (!NO_GENERATION.contains(kind.name())) {
      metadata.put("generation", 1);
    }
    defaults.complete(kind, object, null);
    Validation.check(kind, object, null);
    if (!owned) {
      metadata.remove("managedFields");
      owners.update(kind, null, object, writer);
    }
    if (!dryRun) {
      return store.create(kind, object);
    }
    if (store.find(ObjectStore.keyOf(kind, object)).isPresent()) {
      throw ApiException.alreadyExists(kind, Trees.text(metadata, "name"));
    }
    metadata.put("creationTimestamp", store.now());
    return object;
  }

  private void requireNamespace(Kind kind, ObjectNode object) {
    if (kind.namespaced()) {
      String namespace = Trees.text(object, "metadata", "namespace");
      store.get(new Change.Key(Kinds.NAMESPACE, "", namespace));
    }
  }

  /** Replaces an object, wholly or through its status subresource. */
  ObjectNode update(
      Kind kind,
      ObjectNode live,
      ObjectNode wanted,
      FieldOwners.Writer writer,
      boolean dryRun,
      boolean owned) {
    requireCurrent(kind, live, wanted);
    ObjectNode next = wanted;
    if (writer.subresource().equals("status")) {
      next = live.deepCopy();
      next.set("status", wanted.path("status").deepCopy());
      JsonNode managed = Trees.at(wanted, "metadata", "managedFields");
      if (owned && managed.isArray()) {
        Trees.child(next, "metadata").set("managedFields", managed.deepCopy());
      }
    } else if (kind.subresources().contains("status")) {
      next.remove("status");
      if (live.has("status")) {
        next.set("status", live.get("status").deepCopy());
      }
    }
    ObjectNode metadata = Trees.child(next, "metadata");
    for (String name : SERVER_OWNED) {
      metadata.remove(name);
      JsonNode value = Trees.at(live, "metadata", name);
      if (!value.isMissingNode()) {
        metadata.set(name, value);
      }
    }
    defaults.complete(kind, next, live);
    Validation.check(kind, next, live);
    if (!NO_GENERATION.contains(kind.name()) && !next.path("spec").equals(live.path("spec"))) {
      metadata.put("generation", metadata.path("generation").asInt() + 1);
    }
    if (!owned) {
      owners.update(kind, live, next, writer);
    }
    if (unchanged(live, next)) {
      return live;
    }
    if (dryRun) {
      return next;
    }
    ObjectNode stored = store.replace(kind, next);
    boolean released =
        metadata.hasNonNull("deletionTimestamp") && metadata.path("finalizers").isEmpty();
    Change.Key key = ObjectStore.keyOf(kind, stored);
    if (released && store.find(key).isPresent()) {
      store.remove(key);
    }
    return stored;
  }

  private static void requireCurrent(Kind kind, ObjectNode live, ObjectNode wanted) {
    String name = Trees.text(live, "metadata", "name");
    String version = Trees.text(wanted, "metadata", "resourceVersion");
    if (!version.isEmpty() && !version.equals(Trees.text(live, "metadata", "resourceVersion"))) {
      throw ApiException.stale(kind, name);
    }
    String uid = Trees.text(wanted, "metadata", "uid");
    String liveUid = Trees.text(live, "metadata", "uid");
    if (!uid.isEmpty() && !uid.equals(liveUid)) {
      throw ApiException.conflict(
          kind,
          name,
          "Precondition failed: UID in precondition: " + uid + ", UID in object meta: " + liveUid);
    }
  }

  /** {@return whether nothing but the times of ownership would change} */
  private static boolean unchanged(ObjectNode live, ObjectNode next) {
    return timeless(live).equals(timeless(next));
  }

  private static ObjectNode timeless(ObjectNode object) {
    ObjectNode copy = object.deepCopy();
    Trees.child(copy, "metadata").remove("resourceVersion");
    for (JsonNode entry : Trees.at(copy, "metadata", "managedFields")) {
      ((ObjectNode) entry).remove("time");
    }
    return copy;
  }

  /** Server-side apply: creates or merges. */
  ObjectNode apply(
      Kind kind,
      @Nullable ObjectNode live,
      ObjectNode config,
      FieldOwners.Writer writer,
      boolean force,
      boolean dryRun) {
    if (Trees.at(config, "metadata").has("managedFields")) {
      throw ApiException.badRequest("metadata.managedFields must be nil");
    }
    if (live != null) {
      requireCurrent(kind, live, config);
    }
    ObjectNode merged = owners.apply(kind, live, config, writer, force);
    return live == null
        ? create(kind, merged, writer, dryRun, true)
        : update(kind, live, merged, writer, dryRun, true);
  }
}
