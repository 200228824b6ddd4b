package dev.fairlead.testkit.cluster.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.testkit.cluster.object.Kinds;
import dev.fairlead.testkit.cluster.object.Trees;
import dev.fairlead.testkit.cluster.store.Change;
import dev.fairlead.testkit.cluster.store.ObjectStore;
import java.util.List;

/** Keeps as many pods as a replica set asks for. */
final class ReplicaSetController {
  private static final int MOST_REPLICAS = 200;

  private final ObjectStore store;
  private final Events events;
  private final Names names;

  ReplicaSetController(ObjectStore store, Events events, Names names) {
    this.store = store;
    this.events = events;
    this.names = names;
  }

  void sync(Change.Key key) {
    ObjectNode set = store.find(key).orElse(null);
    if (set == null || Trees.at(set, "metadata").has("deletionTimestamp")) {
      return;
    }
    int wanted = Math.min(MOST_REPLICAS, Trees.at(set, "spec", "replicas").asInt());
    List<ObjectNode> pods = ownedPods(set);
    for (int i = pods.size(); i < wanted; i++) {
      ObjectNode pod = store.create(Kinds.POD, podOf(set));
      String name = Trees.text(pod, "metadata", "name");
      event(set, "SuccessfulCreate", "Created pod: " + name);
    }
    for (int i = pods.size(); i > wanted; i--) {
      Change.Key pod = ObjectStore.keyOf(Kinds.POD, pods.get(i - 1));
      store.remove(pod);
      event(set, "SuccessfulDelete", "Deleted pod: " + pod.name());
    }
    report(key);
  }

  private void event(ObjectNode set, String reason, String message) {
    events.record(Kinds.REPLICA_SET, set, "replicaset-controller", reason, message);
  }

  private List<ObjectNode> ownedPods(ObjectNode set) {
    String uid = Trees.text(set, "metadata", "uid");
    return store.list(Kinds.POD, Trees.text(set, "metadata", "namespace")).stream()
        .filter(
            pod -> {
              for (JsonNode owner : Trees.at(pod, "metadata", "ownerReferences")) {
                if (Trees.text(owner, "uid").equals(uid)) {
                  return true;
                }
              }
              return false;
            })
        .toList();
  }

  private ObjectNode podOf(ObjectNode set) {
    ObjectNode pod = Trees.object().put("apiVersion", "v1").put("kind", "Pod");
    JsonNode template = Trees.at(set, "spec", "template");
    ObjectNode metadata = pod.putObject("metadata");
    String prefix = Trees.text(set, "metadata", "name") + "-";
    metadata.put("generateName", prefix).put("name", prefix + names.suffix(5));
    metadata.put("namespace", Trees.text(set, "metadata", "namespace"));
    for (String member : List.of("labels", "annotations")) {
      JsonNode value = Trees.at(template, "metadata", member);
      if (value.isObject()) {
        metadata.set(member, value.deepCopy());
      }
    }
    metadata.set("ownerReferences", Defaults.ownedBy(Kinds.REPLICA_SET, set));
    pod.set("spec", template.path("spec").deepCopy());
    pod.putObject("status").put("phase", "Pending");
    return pod;
  }

  private void report(Change.Key key) {
    ObjectNode set = store.get(key).deepCopy();
    int ready = 0;
    List<ObjectNode> pods = ownedPods(set);
    for (ObjectNode pod : pods) {
      ready += Trees.text(pod, "status", "phase").equals("Running") ? 1 : 0;
    }
    ObjectNode status = Trees.child(set, "status");
    status.put("replicas", pods.size()).put("fullyLabeledReplicas", pods.size());
    status.put("readyReplicas", ready).put("availableReplicas", ready);
    status.set("observedGeneration", Trees.at(set, "metadata", "generation"));
    store.replace(Kinds.REPLICA_SET, set);
  }
}
