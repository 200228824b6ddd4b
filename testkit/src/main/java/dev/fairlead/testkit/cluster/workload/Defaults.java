package dev.fairlead.testkit.cluster.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.testkit.cluster.object.Kind;
import dev.fairlead.testkit.cluster.object.Trees;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Fills in what an author of an object may leave out. */
public final class Defaults {
  private final AtomicInteger clusterIps = new AtomicInteger(10);

  /**
   * Completes an object in place.
   *
   * @param kind its kind
   * @param object the object to complete
   * @param before the object it replaces, null on creation
   */
  public void complete(Kind kind, ObjectNode object, @Nullable ObjectNode before) {
    switch (kind.name()) {
      case "Namespace" -> namespace(object);
      case "Pod" -> podSpec(Trees.child(object, "spec"));
      case "Secret" -> secret(object);
      case "Service" -> service(object, before);
      case "Deployment" -> deployment(Trees.child(object, "spec"));
      case "ReplicaSet" -> workload(Trees.child(object, "spec"));
      case "Event" -> Trees.setDefault(object, "type", "Normal");
      default -> {}
    }
  }

  private static void namespace(ObjectNode object) {
    String name = Trees.text(object, "metadata", "name");
    Trees.child(Trees.child(object, "metadata"), "labels").put("kubernetes.io/metadata.name", name);
    ObjectNode spec = Trees.child(object, "spec");
    if (!spec.has("finalizers")) {
      spec.putArray("finalizers").add("kubernetes");
    }
    Trees.setDefault(Trees.child(object, "status"), "phase", "Active");
  }

  private static void podSpec(ObjectNode spec) {
    Trees.setDefault(spec, "restartPolicy", "Always");
    Trees.setDefault(spec, "terminationGracePeriodSeconds", 30);
    Trees.setDefault(spec, "dnsPolicy", "ClusterFirst");
    Trees.setDefault(spec, "schedulerName", "default-scheduler");
    Trees.child(spec, "securityContext");
    for (String list : new String[] {"initContainers", "containers"}) {
      for (JsonNode element : spec.path(list)) {
        if (element instanceof ObjectNode container) {
          container(container);
        }
      }
    }
  }

  private static void container(ObjectNode container) {
    String image = Trees.text(container, "image");
    boolean moving = image.endsWith(":latest") || image.lastIndexOf(':') <= image.lastIndexOf('/');
    Trees.setDefault(container, "imagePullPolicy", moving ? "Always" : "IfNotPresent");
    Trees.setDefault(container, "terminationMessagePath", "/dev/termination-log");
    Trees.setDefault(container, "terminationMessagePolicy", "File");
    Trees.child(container, "resources");
    for (JsonNode element : container.path("ports")) {
      if (element instanceof ObjectNode port) {
        Trees.setDefault(port, "protocol", "TCP");
      }
    }
  }

  private static void secret(ObjectNode object) {
    Trees.setDefault(object, "type", "Opaque");
    if (object.remove("stringData") instanceof ObjectNode plain) {
      ObjectNode data = Trees.child(object, "data");
      for (Map.Entry<String, JsonNode> entry : plain.properties()) {
        byte[] value = entry.getValue().asText().getBytes(StandardCharsets.UTF_8);
        data.put(entry.getKey(), Base64.getEncoder().encodeToString(value));
      }
    }
  }

  private void service(ObjectNode object, @Nullable ObjectNode before) {
    ObjectNode spec = Trees.child(object, "spec");
    Trees.setDefault(spec, "type", "ClusterIP");
    Trees.setDefault(spec, "sessionAffinity", "None");
    Trees.setDefault(spec, "internalTrafficPolicy", "Cluster");
    if (!spec.hasNonNull("clusterIP") && !spec.path("type").asText().equals("ExternalName")) {
      String kept = before == null ? "" : Trees.text(before, "spec", "clusterIP");
      spec.put("clusterIP", kept.isEmpty() ? nextClusterIp() : kept);
    }
    if (spec.hasNonNull("clusterIP")) {
      spec.putArray("clusterIPs").add(spec.get("clusterIP"));
      spec.putArray("ipFamilies").add("IPv4");
      spec.put("ipFamilyPolicy", "SingleStack");
    }
    for (JsonNode element : spec.path("ports")) {
      if (element instanceof ObjectNode port) {
        Trees.setDefault(port, "protocol", "TCP");
        if (!port.hasNonNull("targetPort")) {
          port.set("targetPort", port.path("port"));
        }
      }
    }
    Trees.child(Trees.child(object, "status"), "loadBalancer");
  }

  private String nextClusterIp() {
    int n = clusterIps.getAndIncrement();
    return "10.96." + (n / 250 % 250) + "." + (n % 250 + 1);
  }

  private static void deployment(ObjectNode spec) {
    workload(spec);
    Trees.setDefault(spec, "revisionHistoryLimit", 10);
    Trees.setDefault(spec, "progressDeadlineSeconds", 600);
    ObjectNode strategy = Trees.child(spec, "strategy");
    Trees.setDefault(strategy, "type", "RollingUpdate");
    if (strategy.path("type").asText().equals("RollingUpdate")) {
      ObjectNode rolling = Trees.child(strategy, "rollingUpdate");
      Trees.setDefault(rolling, "maxSurge", "25%");
      Trees.setDefault(rolling, "maxUnavailable", "25%");
    }
  }

  private static void workload(ObjectNode spec) {
    Trees.setDefault(spec, "replicas", 1);
    ObjectNode template = Trees.child(spec, "template");
    ObjectNode metadata = Trees.child(template, "metadata");
    if (!metadata.has("creationTimestamp")) {
      metadata.putNull("creationTimestamp");
    }
    podSpec(Trees.child(template, "spec"));
  }

  /** {@return a reference with which a controller owns its dependents} */
  static ArrayNode ownedBy(Kind kind, ObjectNode owner) {
    ArrayNode references = Trees.array();
    references
        .addObject()
        .put("apiVersion", kind.apiVersion())
        .put("kind", kind.name())
        .put("name", Trees.text(owner, "metadata", "name"))
        .put("uid", Trees.text(owner, "metadata", "uid"))
        .put("controller", true)
        .put("blockOwnerDeletion", true);
    return references;
  }
}
