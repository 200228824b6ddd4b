package dev.fairlead.testkit.cluster.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.testkit.cluster.object.Kinds;
import dev.fairlead.testkit.cluster.object.Trees;
import dev.fairlead.testkit.cluster.store.Change;
import dev.fairlead.testkit.cluster.store.ObjectStore;
import java.util.List;

/** Scheduler and kubelet in one: a pod runs as soon as it exists. */
final class PodController {
  private final ObjectStore store;
  private final PodLogs logs;
  private final Events events;
  private int addresses = 1;

  PodController(ObjectStore store, PodLogs logs, Events events) {
    this.store = store;
    this.logs = logs;
    this.events = events;
  }

  void sync(Change.Key key, ObjectNode last) {
    ObjectNode pod = store.find(key).orElse(null);
    if (pod == null) {
      for (JsonNode container : Trees.at(last, "spec", "containers")) {
        logs.drop(key.namespace(), key.name(), Trees.text(container, "name"));
      }
      return;
    }
    String phase = Trees.text(pod, "status", "phase");
    if (phase.isEmpty() || phase.equals("Pending")) {
      start(key, pod.deepCopy());
    } else if (phase.equals("Running")) {
      refreshImages(pod);
    }
  }

  private void start(Change.Key key, ObjectNode pod) {
    ObjectNode spec = Trees.child(pod, "spec");
    Trees.setDefault(spec, "serviceAccountName", "default");
    Trees.setDefault(spec, "serviceAccount", Trees.text(spec, "serviceAccountName"));
    Trees.setDefault(spec, "nodeName", Seed.NODE_NAME);
    String now = store.now();
    String ip = "10.244." + (addresses / 250) + "." + (addresses++ % 250 + 1);
    ObjectNode status = Trees.child(pod, "status");
    status.put("phase", "Running").put("hostIP", Seed.NODE_IP).put("podIP", ip);
    status.putArray("podIPs").addObject().put("ip", ip);
    status.put("startTime", now).put("qosClass", "BestEffort");
    ArrayNode conditions = status.putArray("conditions");
    for (String type : List.of("PodScheduled", "Initialized", "ContainersReady", "Ready")) {
      ObjectNode condition = conditions.addObject().put("type", type).put("status", "True");
      condition.putNull("lastProbeTime").put("lastTransitionTime", now);
    }
    ArrayNode statuses = status.putArray("containerStatuses");
    for (JsonNode container : spec.path("containers")) {
      statuses.add(running(container, key, now));
      logs.open(key.namespace(), key.name(), Trees.text(container, "name"));
    }
    store.replace(Kinds.POD, pod);
    String name = key.namespace() + "/" + key.name();
    events.record(
        Kinds.POD,
        pod,
        "default-scheduler",
        "Scheduled",
        "Successfully assigned " + name + " to " + Seed.NODE_NAME);
    for (JsonNode container : spec.path("containers")) {
      String containerName = Trees.text(container, "name");
      String image = Trees.text(container, "image");
      String pulled = "Container image \"" + image + "\" already present on machine";
      events.record(Kinds.POD, pod, "kubelet", "Pulled", pulled);
      events.record(Kinds.POD, pod, "kubelet", "Started", "Started container " + containerName);
      logs.append(
          key.namespace(), key.name(), containerName, containerName + " started from " + image);
      logs.append(key.namespace(), key.name(), containerName, "ready to serve on " + ip);
    }
  }

  private static ObjectNode running(JsonNode container, Change.Key key, String now) {
    ObjectNode status = Trees.object();
    String name = Trees.text(container, "name");
    String image = Trees.text(container, "image");
    status.put("name", name).put("image", image);
    status.put("imageID", "demo://" + image);
    status.put("containerID", "demo://" + key.namespace() + "." + key.name() + "." + name);
    status.put("ready", true).put("started", true).put("restartCount", 0);
    status.putObject("state").putObject("running").put("startedAt", now);
    status.putObject("lastState");
    return status;
  }

  private void refreshImages(ObjectNode pod) {
    ObjectNode updated = pod.deepCopy();
    JsonNode containers = Trees.at(pod, "spec", "containers");
    JsonNode statuses = Trees.at(updated, "status", "containerStatuses");
    for (int i = 0; i < containers.size() && i < statuses.size(); i++) {
      if (statuses.get(i) instanceof ObjectNode status) {
        status.put("image", Trees.text(containers.get(i), "image"));
      }
    }
    store.replace(Kinds.POD, updated);
  }
}
