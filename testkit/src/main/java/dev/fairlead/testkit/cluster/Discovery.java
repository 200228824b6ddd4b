package dev.fairlead.testkit.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.testkit.cluster.object.ApiException;
import dev.fairlead.testkit.cluster.object.Kind;
import dev.fairlead.testkit.cluster.object.Kinds;
import dev.fairlead.testkit.cluster.object.OpenApi;
import dev.fairlead.testkit.cluster.object.Schema;
import dev.fairlead.testkit.cluster.object.Trees;
import dev.fairlead.testkit.cluster.wire.Reply;
import dev.fairlead.testkit.cluster.wire.WireRequest;
import dev.fairlead.testkit.cluster.workload.Seed;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Everything a client asks before it knows what it can ask: version, health, discovery, OpenAPI.
 */
final class Discovery {
  private static final String AGGREGATED = "apidiscovery.k8s.io";

  /** The kinds by group, then by version, both in order. */
  private final Map<String, Map<String, List<Kind>>> groups = new TreeMap<>();

  private final OpenApi openApi;

  Discovery(Schema schema) {
    openApi = new OpenApi(schema);
    for (Kind kind : Kinds.all()) {
      Map<String, List<Kind>> versions =
          groups.computeIfAbsent(kind.group(), group -> new TreeMap<>());
      versions.putIfAbsent(
          kind.version(),
          Kinds.all().stream()
              .filter(k -> k.group().equals(kind.group()) && k.version().equals(kind.version()))
              .toList());
    }
  }

  Optional<Reply> answer(WireRequest request) {
    String path = request.path();
    if (!request.method().equals("GET")) {
      return Optional.empty();
    }
    String[] parts = path.substring(1).split("/");
    String accept = request.header("accept");
    return switch (parts[0]) {
      case "version" -> Optional.of(Replies.json(version()));
      case "healthz", "livez", "readyz" -> Optional.of(Replies.text("ok"));
      case "api" -> Optional.of(parts.length == 1 ? root(accept, true) : version(parts, 1, accept));
      case "apis" -> Optional.of(apis(parts, accept));
      case "openapi" -> Optional.of(openApi(parts, accept));
      default -> Optional.empty();
    };
  }

  private static ObjectNode version() {
    return Trees.object()
        .put("major", "1")
        .put("minor", "33")
        .put("gitVersion", Seed.VERSION)
        .put("gitCommit", "")
        .put("gitTreeState", "clean")
        .put("buildDate", "2026-01-01T00:00:00Z")
        .put("goVersion", "none")
        .put("compiler", "javac")
        .put("platform", "java/jvm");
  }

  private Reply apis(String[] parts, String accept) {
    if (parts.length == 1) {
      return root(accept, false);
    }
    if (parts.length == 2) {
      requireJson(accept);
      Map<String, List<Kind>> versions = groups.get(parts[1]);
      if (versions == null || parts[1].isEmpty()) {
        throw ApiException.pathNotFound();
      }
      ObjectNode group = group(parts[1], versions);
      group.put("kind", "APIGroup").put("apiVersion", "v1");
      return Replies.json(group);
    }
    return version(parts, 2, accept);
  }

  private Reply version(String[] parts, int at, String accept) {
    requireJson(accept);
    String group = at == 1 ? "" : parts[1];
    List<Kind> kinds = groups.getOrDefault(group, Map.of()).get(parts[at]);
    if (kinds == null || parts.length != at + 1) {
      throw ApiException.pathNotFound();
    }
    ObjectNode list = Trees.object().put("kind", "APIResourceList").put("apiVersion", "v1");
    list.put("groupVersion", kinds.get(0).apiVersion());
    for (Kind kind : kinds) {
      list.withArray("resources").addAll(DiscoveryEntries.legacy(kind));
    }
    return Replies.json(list);
  }

  private Reply root(String accept, boolean core) {
    Accept chosen =
        Accept.first(
                accept,
                a ->
                    a.json()
                        && (a.as().isEmpty()
                            || (a.as().equals("APIGroupDiscoveryList")
                                && AGGREGATED.equals(a.parameters().get("g"))
                                && List.of("v2", "v2beta1")
                                    .contains(a.parameters().getOrDefault("v", "")))))
            .orElseThrow(Accept::none);
    if (!chosen.as().isEmpty()) {
      return aggregated(chosen.parameters().getOrDefault("v", ""), core);
    }
    if (core) {
      ObjectNode versions = Trees.object().put("kind", "APIVersions");
      versions.putArray("versions").add("v1");
      versions.putArray("serverAddressByClientCIDRs");
      return Replies.json(versions);
    }
    ObjectNode list = Trees.object().put("kind", "APIGroupList").put("apiVersion", "v1");
    list.putArray("groups");
    groups.forEach(
        (name, versions) -> {
          if (!name.isEmpty()) {
            list.withArray("groups").add(group(name, versions));
          }
        });
    return Replies.json(list);
  }

  private static ObjectNode group(String name, Map<String, List<Kind>> versions) {
    ObjectNode group = Trees.object().put("name", name);
    for (String version : versions.keySet()) {
      group
          .withArray("versions")
          .addObject()
          .put("groupVersion", name + "/" + version)
          .put("version", version);
    }
    group.set("preferredVersion", group.withArray("versions").get(0).deepCopy());
    return group;
  }

  private Reply aggregated(String version, boolean core) {
    ObjectNode list = Trees.object().put("kind", "APIGroupDiscoveryList");
    list.put("apiVersion", AGGREGATED + "/" + version).putObject("metadata");
    list.putArray("items");
    groups.forEach(
        (name, versions) -> {
          if (name.isEmpty() == core) {
            list.withArray("items").add(DiscoveryEntries.aggregated(name, versions));
          }
        });
    String type = "application/json;g=%s;v=%s;as=APIGroupDiscoveryList";
    return Replies.typed(200, type.formatted(AGGREGATED, version), Trees.bytes(list));
  }

  private Reply openApi(String[] parts, String accept) {
    String path = String.join("/", parts);
    Optional<Accept> wanted =
        Accept.first(accept, a -> a.json() || a.type().equals(OpenApi.V2_PROTOBUF));
    if (path.equals("openapi/v2") && wanted.isPresent() && !wanted.get().json()) {
      return Replies.typed(200, OpenApi.V2_PROTOBUF.replace('@', '.'), OpenApi.v2Protobuf());
    }
    requireJson(accept);
    if (path.equals("openapi/v2")) {
      return Replies.json(openApi.v2());
    }
    ObjectNode paths = Trees.object();
    for (Map<String, List<Kind>> versions : groups.values()) {
      for (List<Kind> kinds : versions.values()) {
        String root = kinds.get(0).rootPath();
        if (path.equals("openapi/v3" + root)) {
          return Replies.json(openApi.v3(kinds));
        }
        paths.putObject(root.substring(1)).put("serverRelativeURL", "/openapi/v3" + root);
      }
    }
    if (!path.equals("openapi/v3")) {
      throw ApiException.pathNotFound();
    }
    ObjectNode index = Trees.object();
    index.set("paths", paths);
    return Replies.json(index);
  }

  private static void requireJson(String accept) {
    if (Accept.first(accept, a -> a.json() && a.as().isEmpty()).isEmpty()) {
      throw Accept.none();
    }
  }
}
