package dev.fairlead.testkit.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.testkit.cluster.object.Kind;
import dev.fairlead.testkit.cluster.object.Trees;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** The columns kubectl shows for each kind. */
final class Columns {
  private static final String NONE = "<none>";

  /** One column; a wide one appears with {@code -o wide} only. */
  record Column(String name, boolean number, boolean wide, Function<ObjectNode, String> cell) {}

  private final Clock clock;

  Columns(Clock clock) {
    this.clock = clock;
  }

  List<Column> of(Kind kind) {
    Column name = text("Name", "metadata", "name");
    Column age = text("Age", object -> age(Trees.text(object, "metadata", "creationTimestamp")));
    return switch (kind.name()) {
      case "Pod" ->
          List.of(
              name,
              text("Ready", Columns::readyContainers),
              text("Status", Columns::podStatus),
              text("Restarts", Columns::restarts),
              age,
              wide(text("IP", "status", "podIP")),
              wide(text("Node", "spec", "nodeName")),
              wide(text("Nominated Node", "status", "nominatedNodeName")),
              wide(text("Readiness Gates", object -> NONE)));
      case "Deployment" ->
          List.of(
              name,
              text(
                  "Ready",
                  o -> count(o, "status", "readyReplicas") + "/" + count(o, "spec", "replicas")),
              number("Up-to-date", "status", "updatedReplicas"),
              number("Available", "status", "availableReplicas"),
              age,
              wide(text("Containers", o -> containers(o, "name"))),
              wide(text("Images", o -> containers(o, "image"))),
              wide(text("Selector", o -> pairs(Trees.at(o, "spec", "selector", "matchLabels")))));
      case "ReplicaSet" ->
          List.of(
              name,
              number("Desired", "spec", "replicas"),
              number("Current", "status", "replicas"),
              number("Ready", "status", "readyReplicas"),
              age,
              wide(text("Containers", o -> containers(o, "name"))),
              wide(text("Images", o -> containers(o, "image"))),
              wide(text("Selector", o -> pairs(Trees.at(o, "spec", "selector", "matchLabels")))));
      case "Node" ->
          List.of(
              name,
              text("Status", Columns::nodeStatus),
              text("Roles", Columns::roles),
              age,
              text("Version", "status", "nodeInfo", "kubeletVersion"),
              wide(text("Internal-IP", o -> address(o, "InternalIP"))),
              wide(text("External-IP", o -> address(o, "ExternalIP"))),
              wide(text("OS-Image", "status", "nodeInfo", "osImage")),
              wide(text("Kernel-Version", "status", "nodeInfo", "kernelVersion")),
              wide(text("Container-Runtime", "status", "nodeInfo", "containerRuntimeVersion")));
      case "Namespace" -> List.of(name, text("Status", "status", "phase"), age);
      case "Service" ->
          List.of(
              name,
              text("Type", "spec", "type"),
              text("Cluster-IP", "spec", "clusterIP"),
              text("External-IP", "spec", "externalName"),
              text("Port(s)", Columns::ports),
              age,
              wide(text("Selector", o -> pairs(Trees.at(o, "spec", "selector")))));
      case "ConfigMap" -> List.of(name, size("Data", "data", "binaryData"), age);
      case "Secret" -> List.of(name, text("Type", "type"), size("Data", "data"), age);
      case "ServiceAccount" -> List.of(name, size("Secrets", "secrets"), age);
      case "Lease" -> List.of(name, text("Holder", "spec", "holderIdentity"), age);
      case "Event" -> events(name);
      default -> List.of(name, age);
    };
  }

  private List<Column> events(Column name) {
    return List.of(
        text("Last Seen", object -> age(Trees.text(object, "lastTimestamp"))),
        text("Type", "type"),
        text("Reason", "reason"),
        text(
            "Object",
            object ->
                Trees.text(object, "involvedObject", "kind").toLowerCase(Locale.ROOT)
                    + "/"
                    + Trees.text(object, "involvedObject", "name")),
        wide(text("Subobject", "involvedObject", "fieldPath")),
        wide(text("Source", "source", "component")),
        text("Message", "message"),
        wide(text("First Seen", object -> age(Trees.text(object, "firstTimestamp")))),
        wide(number("Count", "count")),
        wide(name));
  }

  private static Column text(String title, Function<ObjectNode, String> cell) {
    return new Column(title, false, false, cell);
  }

  private static Column text(String title, String... path) {
    return text(
        title,
        object -> {
          String value = Trees.text(object, path);
          return value.isEmpty() ? NONE : value;
        });
  }

  private static Column number(String title, String... path) {
    return new Column(title, true, false, object -> Integer.toString(count(object, path)));
  }

  private static Column size(String title, String... members) {
    return new Column(
        title,
        true,
        false,
        object -> {
          int total = 0;
          for (String member : members) {
            total += object.path(member).size();
          }
          return Integer.toString(total);
        });
  }

  private static Column wide(Column column) {
    return new Column(column.name(), column.number(), true, column.cell());
  }

  private static int count(JsonNode object, String... path) {
    return Trees.at(object, path).asInt();
  }

  private static String readyContainers(ObjectNode pod) {
    int ready = 0;
    for (JsonNode status : Trees.at(pod, "status", "containerStatuses")) {
      ready += status.path("ready").asBoolean() ? 1 : 0;
    }
    return ready + "/" + Trees.at(pod, "spec", "containers").size();
  }

  private static String podStatus(ObjectNode pod) {
    return Trees.at(pod, "metadata").has("deletionTimestamp")
        ? "Terminating"
        : Trees.text(pod, "status", "phase");
  }

  private static String restarts(ObjectNode pod) {
    int restarts = 0;
    for (JsonNode status : Trees.at(pod, "status", "containerStatuses")) {
      restarts += status.path("restartCount").asInt();
    }
    return Integer.toString(restarts);
  }

  private static String containers(ObjectNode workload, String member) {
    return StreamSupport.stream(
            Trees.at(workload, "spec", "template", "spec", "containers").spliterator(), false)
        .map(container -> Trees.text(container, member))
        .collect(Collectors.joining(","));
  }

  private static String pairs(JsonNode map) {
    String text =
        map.properties().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue().asText())
            .collect(Collectors.joining(","));
    return text.isEmpty() ? NONE : text;
  }

  private static String nodeStatus(ObjectNode node) {
    String status = "Unknown";
    for (JsonNode condition : Trees.at(node, "status", "conditions")) {
      if (Trees.text(condition, "type").equals("Ready")) {
        status = Trees.text(condition, "status").equals("True") ? "Ready" : "NotReady";
      }
    }
    boolean cordoned = Trees.at(node, "spec", "unschedulable").asBoolean();
    return cordoned ? status + ",SchedulingDisabled" : status;
  }

  private static String roles(ObjectNode node) {
    String prefix = "node-role.kubernetes.io/";
    List<String> roles = new ArrayList<>();
    Trees.at(node, "metadata", "labels")
        .fieldNames()
        .forEachRemaining(
            label -> {
              if (label.startsWith(prefix)) {
                roles.add(label.substring(prefix.length()));
              }
            });
    return roles.isEmpty() ? NONE : String.join(",", roles);
  }

  private static String address(ObjectNode node, String type) {
    for (JsonNode address : Trees.at(node, "status", "addresses")) {
      if (Trees.text(address, "type").equals(type)) {
        return Trees.text(address, "address");
      }
    }
    return NONE;
  }

  private static String ports(ObjectNode service) {
    List<String> ports = new ArrayList<>();
    for (JsonNode port : Trees.at(service, "spec", "ports")) {
      String node = port.hasNonNull("nodePort") ? ":" + Trees.text(port, "nodePort") : "";
      ports.add(Trees.text(port, "port") + node + "/" + Trees.text(port, "protocol"));
    }
    return ports.isEmpty() ? NONE : String.join(",", ports);
  }

  private String age(String timestamp) {
    try {
      return human(Duration.between(Instant.parse(timestamp), clock.instant()));
    } catch (DateTimeParseException e) {
      return "<unknown>";
    }
  }

  /** Two units at most, the smaller one only while it matters. */
  static String human(Duration age) {
    long seconds = Math.max(0, age.toSeconds());
    if (seconds < 120) {
      return seconds + "s";
    }
    long minutes = seconds / 60;
    if (minutes < 10) {
      return pair(minutes, "m", seconds % 60, "s");
    }
    if (minutes < 180) {
      return minutes + "m";
    }
    long hours = minutes / 60;
    if (hours < 8) {
      return pair(hours, "h", minutes % 60, "m");
    }
    if (hours < 48) {
      return hours + "h";
    }
    long days = hours / 24;
    return days < 8 ? pair(days, "d", hours % 24, "h") : days + "d";
  }

  private static String pair(long large, String unit, long small, String smallUnit) {
    return small == 0 ? large + unit : large + unit + small + smallUnit;
  }
}
