package dev.fairlead.testkit.cluster;

import dev.fairlead.testkit.cluster.object.ApiException;
import dev.fairlead.testkit.cluster.object.Kind;
import dev.fairlead.testkit.cluster.wire.WireRequest;
import java.util.Optional;
import java.util.Set;

/** Applies the access rule and words its refusals as Kubernetes does. */
final class Authorization {
  private static final Set<String> PUBLIC = Set.of("/version", "/healthz", "/livez", "/readyz");
  private static final Set<String> REVIEWS =
      Set.of("selfsubjectreviews", "selfsubjectaccessreviews", "selfsubjectrulesreviews");

  private final AccessRule rule;

  Authorization(AccessRule rule) {
    this.rule = rule;
  }

  /** Throws a 403 unless the caller may send the request. */
  void require(Caller caller, RequestInfo info, WireRequest request) {
    if (!info.resource()) {
      boolean open = PUBLIC.contains(request.path());
      if (!open && (caller.anonymous() || !info.verb().equals("get"))) {
        throw ApiException.forbidden(
            null,
            "",
            "forbidden: User \"%s\" cannot %s path \"%s\""
                .formatted(caller.user(), info.verb(), request.path()));
      }
      return;
    }
    AccessRequest access =
        new AccessRequest(
            caller.user(),
            Set.copyOf(caller.groups()),
            info.verb(),
            info.group(),
            info.plural(),
            info.subresource(),
            info.namespace(),
            info.name(),
            "");
    if (!allows(access)) {
      throw refusal(access, info.kind());
    }
  }

  /** Throws a 403 unless the caller may act as the user. */
  void requireImpersonation(Caller caller, Caller as) {
    AccessRequest access =
        new AccessRequest(
            caller.user(),
            Set.copyOf(caller.groups()),
            "impersonate",
            "",
            "users",
            "",
            "",
            as.user(),
            "");
    if (!allows(access)) {
      throw refusal(access, Optional.empty());
    }
  }

  boolean allows(AccessRequest request) {
    if (request.groups().contains(Caller.MASTERS)) {
      return true;
    }
    if (REVIEWS.contains(request.resource()) && request.verb().equals("create")) {
      return request.groups().contains(Caller.AUTHENTICATED);
    }
    return rule.allows(request);
  }

  private static ApiException refusal(AccessRequest request, Optional<Kind> kind) {
    String group = request.apiGroup();
    String resource = group.isEmpty() ? request.resource() : request.resource() + "." + group;
    String named = request.name().isEmpty() ? "" : " \"" + request.name() + "\"";
    String full =
        request.subresource().isEmpty()
            ? request.resource()
            : request.resource() + "/" + request.subresource();
    String where =
        request.namespace().isEmpty()
            ? "at the cluster scope"
            : "in the namespace \"" + request.namespace() + "\"";
    String message =
        "%s%s is forbidden: User \"%s\" cannot %s resource \"%s\" in API group \"%s\" %s"
            .formatted(resource, named, request.user(), request.verb(), full, group, where);
    return ApiException.forbidden(kind.orElse(null), request.name(), message);
  }
}
