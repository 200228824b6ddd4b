package dev.fairlead.testkit.cluster.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.testkit.cluster.object.Kinds;
import dev.fairlead.testkit.cluster.object.Trees;
import dev.fairlead.testkit.cluster.store.Change;
import dev.fairlead.testkit.cluster.store.ObjectStore;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rolls a deployment out at once: the replica set of its template takes all replicas. */
final class DeploymentController {
  private static final String REVISION = "deployment.kubernetes.io/revision";
  private static final String HASH = "pod-template-hash";

  private final ObjectStore store;
  private final Events events;

  DeploymentController(ObjectStore store, Events events) {
    this.store = store;
    this.events = events;
  }

  void sync(Change.Key key) {
    ObjectNode deployment = store.find(key).orElse(null);
    if (deployment == null || Trees.at(deployment, "metadata").has("deletionTimestamp")) {
      return;
    }
    List<ObjectNode> sets = ownedSets(deployment);
    ObjectNode current = matching(deployment, sets);
    int replicas = Trees.at(deployment, "spec", "replicas").asInt();
    boolean paused = Trees.at(deployment, "spec", "paused").asBoolean();
    if (current == null && !paused) {
      current = create(deployment, sets);
    }
    if (current == null) {
      report(key, null);
      return;
    }
    String name = Trees.text(current, "metadata", "name");
    scale(deployment, current, replicas, latestRevision(sets, current));
    for (ObjectNode old : sets) {
      if (!Trees.text(old, "metadata", "name").equals(name)) {
        scale(deployment, old, 0, revision(old));
      }
    }
    report(key, name);
  }

  private List<ObjectNode> ownedSets(ObjectNode deployment) {
    String uid = Trees.text(deployment, "metadata", "uid");
    return store.list(Kinds.REPLICA_SET, Trees.text(deployment, "metadata", "namespace")).stream()
        .filter(
            set ->
                Trees.at(set, "metadata", "ownerReferences")
                    .path(0)
                    .path("uid")
                    .asText()
                    .equals(uid))
        .toList();
  }

  private static @Nullable ObjectNode matching(ObjectNode deployment, List<ObjectNode> sets) {
    JsonNode template = Trees.at(deployment, "spec", "template");
    for (ObjectNode set : sets) {
      JsonNode theirs = Trees.at(set, "spec", "template").deepCopy();
      if (Trees.at(theirs, "metadata", "labels") instanceof ObjectNode labels) {
        labels.remove(HASH);
      }
      if (theirs.equals(template)) {
        return set;
      }
    }
    return null;
  }

  private ObjectNode create(ObjectNode deployment, List<ObjectNode> sets) {
    JsonNode template = Trees.at(deployment, "spec", "template");
    String hash = Names.hex(Integer.toUnsignedLong(template.hashCode())).substring(6);
    ObjectNode set =
        Trees.object().put("apiVersion", Kinds.REPLICA_SET.apiVersion()).put("kind", "ReplicaSet");
    ObjectNode metadata = set.putObject("metadata");
    String name = Trees.text(deployment, "metadata", "name") + "-" + hash;
    metadata.put("name", name).put("namespace", Trees.text(deployment, "metadata", "namespace"));
    metadata.put("generation", 1);
    metadata.set("ownerReferences", Defaults.ownedBy(Kinds.DEPLOYMENT, deployment));
    metadata.putObject("annotations").put(REVISION, Long.toString(nextRevision(sets)));
    ObjectNode spec = set.putObject("spec");
    spec.put("replicas", 0);
    spec.set("selector", Trees.at(deployment, "spec", "selector").deepCopy());
    Trees.child(Trees.child(spec, "selector"), "matchLabels").put(HASH, hash);
    spec.set("template", template.deepCopy());
    ObjectNode labels =
        Trees.child(Trees.child(Trees.child(spec, "template"), "metadata"), "labels");
    labels.put(HASH, hash);
    metadata.set("labels", labels.deepCopy());
    return store.create(Kinds.REPLICA_SET, set);
  }

  private void scale(ObjectNode deployment, ObjectNode set, int replicas, long revision) {
    ObjectNode updated = store.get(ObjectStore.keyOf(Kinds.REPLICA_SET, set)).deepCopy();
    int before = Trees.at(updated, "spec", "replicas").asInt();
    ObjectNode metadata = Trees.child(updated, "metadata");
    Trees.child(metadata, "annotations").put(REVISION, Long.toString(revision));
    if (before != replicas) {
      Trees.child(updated, "spec").put("replicas", replicas);
      metadata.put("generation", metadata.path("generation").asInt() + 1);
    }
    store.replace(Kinds.REPLICA_SET, updated);
    if (before != replicas) {
      String name = Trees.text(set, "metadata", "name");
      String text =
          "Scaled "
              + (before < replicas ? "up" : "down")
              + " replica set "
              + name
              + " from "
              + before
              + " to "
              + replicas;
      events.record(
          Kinds.DEPLOYMENT, deployment, "deployment-controller", "ScalingReplicaSet", text);
    }
  }

  private static long revision(ObjectNode set) {
    return Trees.at(set, "metadata", "annotations", REVISION).asLong();
  }

  private static long nextRevision(List<ObjectNode> sets) {
    return sets.stream().mapToLong(DeploymentController::revision).max().orElse(0) + 1;
  }

  /** A set that becomes current again gets a new revision; one that is the latest keeps its own. */
  private static long latestRevision(List<ObjectNode> sets, ObjectNode current) {
    long own = revision(current);
    return own < nextRevision(sets) - 1 ? nextRevision(sets) : own;
  }

  private void report(Change.Key key, @Nullable String currentSet) {
    ObjectNode deployment = store.get(key).deepCopy();
    int total = 0;
    int updated = 0;
    int ready = 0;
    String revision = "";
    for (ObjectNode set : ownedSets(deployment)) {
      int replicas = Trees.at(set, "status", "replicas").asInt();
      total += replicas;
      ready += Trees.at(set, "status", "readyReplicas").asInt();
      if (Trees.text(set, "metadata", "name").equals(currentSet)) {
        updated = replicas;
        revision = Long.toString(revision(set));
      }
    }
    if (!revision.isEmpty()) {
      Trees.child(Trees.child(deployment, "metadata"), "annotations").put(REVISION, revision);
    }
    int wanted = Trees.at(deployment, "spec", "replicas").asInt();
    ObjectNode status = Trees.child(deployment, "status");
    status.set("observedGeneration", Trees.at(deployment, "metadata", "generation"));
    status.put("replicas", total).put("updatedReplicas", updated);
    status.put("readyReplicas", ready).put("availableReplicas", ready);
    if (ready < wanted) {
      status.put("unavailableReplicas", wanted - ready);
    } else {
      status.remove("unavailableReplicas");
    }
    boolean available = ready >= wanted;
    ArrayNode conditions =
        status.get("conditions") instanceof ArrayNode existing
            ? existing
            : status.putArray("conditions");
    condition(
        conditions,
        0,
        "Available",
        available ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
        available,
        available
            ? "Deployment has minimum availability."
            : "Deployment does not have minimum availability.");
    condition(
        conditions,
        1,
        "Progressing",
        available ? "NewReplicaSetAvailable" : "ReplicaSetUpdated",
        true,
        available
            ? "ReplicaSet \"" + currentSet + "\" has successfully progressed."
            : "ReplicaSet \"" + currentSet + "\" is progressing.");
    store.replace(Kinds.DEPLOYMENT, deployment);
  }

  private void condition(
      ArrayNode conditions, int index, String type, String reason, boolean holds, String message) {
    ObjectNode condition =
        conditions.get(index) instanceof ObjectNode existing ? existing : conditions.addObject();
    String status = holds ? "True" : "False";
    if (!Trees.text(condition, "status").equals(status)
        || !Trees.text(condition, "reason").equals(reason)
        || !Trees.text(condition, "message").equals(message)) {
      condition.put("type", type).put("status", status).put("lastUpdateTime", store.now());
      condition.put("lastTransitionTime", store.now());
      condition.put("reason", reason).put("message", message);
    }
  }
}
