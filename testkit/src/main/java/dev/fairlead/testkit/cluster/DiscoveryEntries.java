package dev.fairlead.testkit.cluster;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.testkit.cluster.object.Kind;
import dev.fairlead.testkit.cluster.object.Trees;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How kinds and their subresources appear in discovery, in its older and its aggregated form. */
final class DiscoveryEntries {

  private record Sub(String group, String version, String kind, List<String> verbs) {}

  private DiscoveryEntries() {}

  private static Sub subresource(Kind kind, String name) {
    return switch (name) {
      case "scale" -> new Sub("autoscaling", "v1", "Scale", List.of("get", "patch", "update"));
      case "exec" -> connect("PodExecOptions");
      case "attach" -> connect("PodAttachOptions");
      case "portforward" -> connect("PodPortForwardOptions");
      case "log" -> new Sub("", "v1", "Pod", List.of("get"));
      case "finalize" -> new Sub("", "v1", "Namespace", List.of("update"));
      default ->
          new Sub(kind.group(), kind.version(), kind.name(), List.of("get", "patch", "update"));
    };
  }

  private static Sub connect(String kind) {
    return new Sub("", "v1", kind, List.of("create", "get"));
  }

  static ArrayNode legacy(Kind kind) {
    ArrayNode entries = Trees.array();
    ObjectNode main = entry(entries.addObject(), kind, kind.plural(), kind.name(), kind.verbs());
    main.put("singularName", kind.name().toLowerCase(Locale.ROOT));
    names(main, kind);
    for (String name : kind.subresources()) {
      Sub sub = subresource(kind, name);
      ObjectNode json =
          entry(entries.addObject(), kind, kind.plural() + "/" + name, sub.kind(), sub.verbs());
      if (!sub.group().equals(kind.group())) {
        json.put("group", sub.group()).put("version", sub.version());
      }
    }
    return entries;
  }

  private static ObjectNode entry(
      ObjectNode json, Kind kind, String name, String kindName, List<String> verbs) {
    json.put("name", name).put("singularName", "").put("namespaced", kind.namespaced());
    json.put("kind", kindName);
    verbs.forEach(json.putArray("verbs")::add);
    return json;
  }

  private static void names(ObjectNode json, Kind kind) {
    if (!kind.shortNames().isEmpty()) {
      kind.shortNames().forEach(json.putArray("shortNames")::add);
    }
    if (!kind.categories().isEmpty()) {
      kind.categories().forEach(json.putArray("categories")::add);
    }
  }

  static ObjectNode aggregated(String group, Map<String, List<Kind>> versions) {
    ObjectNode json = Trees.object();
    ObjectNode metadata = json.putObject("metadata");
    if (!group.isEmpty()) {
      metadata.put("name", group);
    }
    metadata.putNull("creationTimestamp");
    ArrayNode list = json.putArray("versions");
    versions.forEach(
        (version, kinds) -> {
          ObjectNode entry = list.addObject().put("version", version).put("freshness", "Current");
          kinds.forEach(kind -> entry.withArray("resources").add(resource(kind)));
        });
    return json;
  }

  private static ObjectNode resource(Kind kind) {
    ObjectNode json = Trees.object().put("resource", kind.plural());
    json.set("responseKind", identity(kind.group(), kind.version(), kind.name()));
    json.put("scope", kind.namespaced() ? "Namespaced" : "Cluster");
    json.put("singularResource", kind.name().toLowerCase(Locale.ROOT));
    kind.verbs().forEach(json.putArray("verbs")::add);
    names(json, kind);
    for (String name : kind.subresources()) {
      Sub sub = subresource(kind, name);
      ObjectNode entry = json.withArray("subresources").addObject().put("subresource", name);
      entry.set("responseKind", identity(sub.group(), sub.version(), sub.kind()));
      sub.verbs().forEach(entry.putArray("verbs")::add);
    }
    return json;
  }

  private static ObjectNode identity(String group, String version, String kind) {
    return Trees.object().put("group", group).put("version", version).put("kind", kind);
  }
}
