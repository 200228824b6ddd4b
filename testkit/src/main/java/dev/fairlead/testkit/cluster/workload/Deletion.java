package dev.fairlead.testkit.cluster.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.testkit.cluster.object.ApiException;
import dev.fairlead.testkit.cluster.object.Kind;
import dev.fairlead.testkit.cluster.object.Kinds;
import dev.fairlead.testkit.cluster.object.Trees;
import dev.fairlead.testkit.cluster.store.Change;
import dev.fairlead.testkit.cluster.store.ObjectStore;
import java.util.Set;

/** Deletes objects the way each kind is deleted. */
public final class Deletion {
  private static final Set<String> KEPT_NAMESPACES =
      Set.of("default", "kube-system", "kube-node-lease");

  private final ObjectStore store;

  public Deletion(ObjectStore store) {
    this.store = store;
  }

  /**
   * Deletes one object, or marks it when finalizers hold it.
   *
   * @param key what to delete
   * @param orphan whether dependents stay
   * @return the object as it was last
   * @throws ApiException 404 when it does not exist, 403 when it must stay
   */
  public ObjectNode delete(Change.Key key, boolean orphan) {
    return store.atomically(
        () -> {
          ObjectNode object = store.get(key);
          if (key.kind().equals(Kinds.NAMESPACE) && KEPT_NAMESPACES.contains(key.name())) {
            throw ApiException.forbidden(
                key.kind(),
                key.name(),
                "namespaces \""
                    + key.name()
                    + "\" is forbidden: this namespace may not be deleted");
          }
          if (orphan) {
            release(Trees.text(object, "metadata", "uid"));
          }
          boolean held = !Trees.at(object, "metadata", "finalizers").isEmpty();
          if (held || key.kind().equals(Kinds.POD) || key.kind().equals(Kinds.NAMESPACE)) {
            object = mark(key, object);
          }
          if (key.kind().equals(Kinds.NAMESPACE)) {
            empty(key.name());
          }
          if (!held && store.find(key).isPresent()) {
            store.remove(key);
          }
          return object;
        });
  }

  private ObjectNode mark(Change.Key key, ObjectNode object) {
    ObjectNode marked = object.deepCopy();
    ObjectNode metadata = Trees.child(marked, "metadata");
    Trees.setDefault(metadata, "deletionTimestamp", store.now());
    Trees.setDefault(metadata, "deletionGracePeriodSeconds", 0);
    if (key.kind().equals(Kinds.NAMESPACE)) {
      Trees.child(marked, "status").put("phase", "Terminating");
    }
    return store.replace(key.kind(), marked);
  }

  private void empty(String namespace) {
    // Owners before what they own, so that no controller replaces what was just deleted.
    for (Kind kind : new Kind[] {Kinds.DEPLOYMENT, Kinds.REPLICA_SET}) {
      removeAll(kind, namespace);
    }
    for (Kind kind : Kinds.all()) {
      if (kind.stored() && kind.namespaced()) {
        removeAll(kind, namespace);
      }
    }
  }

  private void removeAll(Kind kind, String namespace) {
    for (ObjectNode object : store.list(kind, namespace)) {
      Change.Key key = ObjectStore.keyOf(kind, object);
      if (store.find(key).isPresent()) {
        store.remove(key);
      }
    }
  }

  private void release(String uid) {
    for (Kind kind : Kinds.all()) {
      if (!kind.stored()) {
        continue;
      }
      for (ObjectNode object : store.list(kind, "")) {
        JsonNode references = Trees.at(object, "metadata", "ownerReferences");
        for (int i = 0; i < references.size(); i++) {
          if (Trees.text(references.get(i), "uid").equals(uid)) {
            ObjectNode freed = object.deepCopy();
            ((ArrayNode) Trees.at(freed, "metadata", "ownerReferences")).remove(i);
            store.replace(kind, freed);
            break;
          }
        }
      }
    }
  }
}
