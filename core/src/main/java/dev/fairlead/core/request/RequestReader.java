package dev.fairlead.core.request;

import static dev.fairlead.core.request.RefusedRequestException.badRequest;
import static dev.fairlead.core.request.RefusedRequestException.shown;

import dev.fairlead.api.RequestInfo;
import dev.fairlead.core.status.StatusReason;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** One reading of a method and a target, step by step from left to right. */
final class RequestReader {

  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");
  private static final Set<String> NAMESPACE_SUBRESOURCES = Set.of("status", "finalize");
  private static final Set<String> VERBS_WITH_SELECTORS =
      Set.of("list", "watch", "deletecollection");

  private final String method;
  private final RequestTarget target;
  private List<String> rest;

  RequestReader(String method, RequestTarget target) {
    this.method = method;
    this.target = target;
    this.rest = target.segments();
  }

  KubernetesRequest read() {
    if (!METHODS.contains(method)) {
      throw notAllowed(String.join(", ", METHODS.stream().sorted().toList()));
    }
    boolean core = rest.size() >= 3 && rest.get(0).equals("api");
    boolean grouped = rest.size() >= 4 && rest.get(0).equals("apis");
    if (!core && !grouped) {
      return nonResource();
    }
    String apiPrefix = next();
    String apiGroup = grouped ? next() : "";
    String apiVersion = next();

    boolean verbInPath = rest.get(0).equals("watch") || rest.get(0).equals("proxy");
    String verb = verbInPath ? verbInPath() : verbOfMethod();
    String namespace = namespace();

    String resource = rest.get(0);
    String subresource = rest.size() > 2 && !verb.equals("proxy") ? rest.get(2) : "";
    String name = rest.size() > 1 ? rest.get(1) : "";
    if (name.isEmpty() && verb.equals("get")) {
      ListQuery list = ListQuery.of(target.query());
      verb = list.watch() ? "watch" : "list";
      name = list.name();
    } else if (name.isEmpty() && verb.equals("delete")) {
      verb = "deletecollection";
    }
    boolean selectors = !verbInPath && VERBS_WITH_SELECTORS.contains(verb);
    RequestInfo info =
        new RequestInfo(
            true,
            target.path(),
            verb,
            apiGroup,
            apiVersion,
            namespace,
            resource,
            subresource,
            name);
    return new KubernetesRequest(
        method,
        info,
        apiPrefix,
        rest,
        selectors ? target.query().first("fieldSelector").orElse("") : "",
        selectors ? target.query().first("labelSelector").orElse("") : "");
  }

  private KubernetesRequest nonResource() {
    RequestInfo info = RequestInfo.nonResource(method.toLowerCase(Locale.ROOT), target.path());
    return new KubernetesRequest(method, info, "", List.of(), "", "");
  }

  private String next() {
    String segment = rest.get(0);
    rest = rest.subList(1, rest.size());
    return segment;
  }

  private String verbInPath() {
    if (rest.size() < 2) {
      throw badRequest(
          "path: ends with the verb " + rest.get(0) + " (expected: a resource behind it)");
    }
    return next();
  }

  private String verbOfMethod() {
    return switch (method) {
      case "GET", "HEAD" -> "get";
      case "POST" -> "create";
      case "PUT" -> "update";
      case "PATCH" -> "patch";
      case "DELETE" -> "delete";
      default -> throw notAllowed("GET, HEAD, POST, PUT, PATCH or DELETE for a resource");
    };
  }

  /** The namespace; moves on to the resource in it, unless the namespace itself is meant. */
  private String namespace() {
    if (!rest.get(0).equals("namespaces") || rest.size() < 2) {
      return "";
    }
    String namespace = rest.get(1);
    if (rest.size() > 2 && !NAMESPACE_SUBRESOURCES.contains(rest.get(2))) {
      rest = rest.subList(2, rest.size());
    }
    return namespace;
  }

  private RefusedRequestException notAllowed(String expected) {
    return new RefusedRequestException(
        StatusReason.METHOD_NOT_ALLOWED,
        "method: " + shown(method) + " (expected: " + expected + ")");
  }
}
