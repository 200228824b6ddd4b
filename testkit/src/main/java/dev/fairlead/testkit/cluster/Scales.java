package dev.fairlead.testkit.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.testkit.cluster.object.Kind;
import dev.fairlead.testkit.cluster.object.Trees;
import java.util.List;
import java.util.stream.Collectors;

/** The {@code autoscaling/v1} Scale of a workload. */
final class Scales {
  private Scales() {}

  static ObjectNode of(Kind kind, ObjectNode workload) {
    ObjectNode scale = Trees.object().put("kind", "Scale").put("apiVersion", "autoscaling/v1");
    ObjectNode metadata = scale.putObject("metadata");
    for (String name :
        List.of("name", "namespace", "uid", "resourceVersion", "creationTimestamp")) {
      metadata.set(name, Trees.at(workload, "metadata", name));
    }
    scale.putObject("spec").set("replicas", Trees.at(workload, "spec", "replicas"));
    ObjectNode status = scale.putObject("status");
    status.put("replicas", Trees.at(workload, "status", "replicas").asInt());
    JsonNode labels = Trees.at(workload, "spec", "selector", "matchLabels");
    status.put(
        "selector",
        labels.properties().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue().asText())
            .sorted()
            .collect(Collectors.joining(",")));
    return scale;
  }
}
