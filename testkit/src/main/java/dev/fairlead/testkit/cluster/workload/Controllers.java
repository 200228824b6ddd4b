package dev.fairlead.testkit.cluster.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.testkit.cluster.object.Kind;
import dev.fairlead.testkit.cluster.object.Kinds;
import dev.fairlead.testkit.cluster.object.Trees;
import dev.fairlead.testkit.cluster.store.Change;
import dev.fairlead.testkit.cluster.store.ObjectStore;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Reacts to each change until the cluster is as its objects ask. Runs inside the store's
 * transaction, one reaction after the other.
 */
public final class Controllers {
  private final ObjectStore store;
  private final PodController pods;
  private final ReplicaSetController replicaSets;
  private final DeploymentController deployments;
  private final Deque<Runnable> pending = new ArrayDeque<>();
  private boolean running;

  public Controllers(ObjectStore store, PodLogs logs, Names names) {
    this.store = store;
    Events events = new Events(store);
    this.pods = new PodController(store, logs, events);
    this.replicaSets = new ReplicaSetController(store, events, names);
    this.deployments = new DeploymentController(store, events);
    store.controller(this::react);
  }

  private void react(Change change) {
    enqueue(change);
    if (running) {
      return;
    }
    running = true;
    try {
      while (!pending.isEmpty()) {
        pending.remove().run();
      }
    } finally {
      pending.clear();
      running = false;
    }
  }

  private void enqueue(Change change) {
    Kind kind = change.key().kind();
    ObjectNode last = change.last();
    boolean deleted = change.after() == null;
    if (kind.equals(Kinds.POD)) {
      pending.add(() -> pods.sync(change.key(), last));
      owner(last, Kinds.REPLICA_SET).forEach(key -> pending.add(() -> replicaSets.sync(key)));
    } else if (kind.equals(Kinds.REPLICA_SET)) {
      pending.add(() -> replicaSets.sync(change.key()));
      owner(last, Kinds.DEPLOYMENT).forEach(key -> pending.add(() -> deployments.sync(key)));
    } else if (kind.equals(Kinds.DEPLOYMENT)) {
      pending.add(() -> deployments.sync(change.key()));
    } else if (kind.equals(Kinds.NAMESPACE) && change.before() == null) {
      pending.add(() -> serviceAccount(change.key().name()));
    }
    if (deleted) {
      String uid = Trees.text(last, "metadata", "uid");
      pending.add(() -> collect(uid));
    }
  }

  private static List<Change.Key> owner(ObjectNode object, Kind kind) {
    for (JsonNode reference : Trees.at(object, "metadata", "ownerReferences")) {
      if (Trees.text(reference, "kind").equals(kind.name())) {
        return List.of(
            new Change.Key(
                kind, Trees.text(object, "metadata", "namespace"), Trees.text(reference, "name")));
      }
    }
    return List.of();
  }

  private void serviceAccount(String namespace) {
    ObjectNode account = Trees.object().put("apiVersion", "v1").put("kind", "ServiceAccount");
    account.putObject("metadata").put("name", "default").put("namespace", namespace);
    if (store.find(ObjectStore.keyOf(Kinds.SERVICE_ACCOUNT, account)).isEmpty()) {
      store.create(Kinds.SERVICE_ACCOUNT, account);
    }
  }

  /** Deletes what the object with this uid owned. */
  private void collect(String uid) {
    for (Kind kind : Kinds.all()) {
      if (!kind.stored() || kind.equals(Kinds.EVENT)) {
        continue;
      }
      for (ObjectNode object : store.list(kind, "")) {
        for (JsonNode reference : Trees.at(object, "metadata", "ownerReferences")) {
          Change.Key key = ObjectStore.keyOf(kind, object);
          if (Trees.text(reference, "uid").equals(uid) && store.find(key).isPresent()) {
            store.remove(key);
          }
        }
      }
    }
  }
}
