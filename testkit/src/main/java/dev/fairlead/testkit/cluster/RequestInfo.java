package dev.fairlead.testkit.cluster;

import dev.fairlead.testkit.cluster.object.Kind;
import dev.fairlead.testkit.cluster.object.Kinds;
import dev.fairlead.testkit.cluster.wire.WireRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a request means, by Kubernetes' rules for its path. Group and below are empty on
 * non-resource requests.
 */
record RequestInfo(
    boolean resource,
    String verb,
    String group,
    String version,
    String namespace,
    String plural,
    String name,
    String subresource) {

  static RequestInfo of(WireRequest request) {
    List<String> parts = segments(request.path());
    boolean legacy = parts.size() >= 3 && parts.get(0).equals("api");
    boolean grouped = parts.size() >= 4 && parts.get(0).equals("apis");
    if (!legacy && !grouped) {
      return nonResource(request);
    }
    String group = legacy ? "" : parts.get(1);
    String version = parts.get(legacy ? 1 : 2);
    List<String> rest = parts.subList(legacy ? 2 : 3, parts.size());
    String namespace = "";
    if (rest.get(0).equals("namespaces") && rest.size() > 1) {
      namespace = rest.get(1);
      boolean ofNamespace =
          rest.size() == 2
              || (rest.size() == 3
                  && (rest.get(2).equals("status") || rest.get(2).equals("finalize")));
      rest = ofNamespace ? rest : rest.subList(2, rest.size());
    }
    String plural = rest.get(0);
    String name = rest.size() > 1 ? rest.get(1) : "";
    String subresource = rest.size() > 2 ? String.join("/", rest.subList(2, rest.size())) : "";
    return new RequestInfo(
        true,
        verb(request, name, subresource),
        group,
        version,
        namespace,
        plural,
        name,
        subresource);
  }

  private static RequestInfo nonResource(WireRequest request) {
    String verb = request.method().toLowerCase(Locale.ROOT);
    return new RequestInfo(false, verb, "", "", "", "", "", "");
  }

  private static String verb(WireRequest request, String name, String subresource) {
    boolean connects =
        subresource.equals("exec")
            || subresource.equals("attach")
            || subresource.equals("portforward");
    return switch (request.method()) {
      case "POST" -> "create";
      case "PUT" -> "update";
      case "PATCH" -> "patch";
      case "DELETE" -> name.isEmpty() ? "deletecollection" : "delete";
      case "GET", "HEAD" -> {
        if (connects) {
          yield "create";
        }
        boolean many = name.isEmpty();
        yield many && request.flag("watch") ? "watch" : many ? "list" : "get";
      }
      default -> "";
    };
  }

  Optional<Kind> kind() {
    return Kinds.find(group, version, plural);
  }

  private static List<String> segments(String path) {
    List<String> segments = new ArrayList<>(List.of(path.split("/")));
    segments.removeIf(String::isEmpty);
    return segments;
  }
}
