package dev.fairlead.testkit.cluster;

import dev.fairlead.testkit.cluster.object.ApiException;
import dev.fairlead.testkit.cluster.object.Kind;
import dev.fairlead.testkit.cluster.wire.Endpoint;
import dev.fairlead.testkit.cluster.wire.Reply;
import dev.fairlead.testkit.cluster.wire.WireRequest;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The way of a request: authenticate, impersonate, record, authorise, answer. */
final class ApiServer implements Endpoint {
  private static final Set<String> STREAMS = Set.of("log", "exec", "attach", "portforward");

  private final Authentication authentication;
  private final Authorization authorization;
  private final RequestLog requests;
  private final Discovery discovery;
  private final Resources resources;
  private final PodStreams streams;
  private final Reviews reviews;

  ApiServer(
      Authentication authentication,
      Authorization authorization,
      RequestLog requests,
      Discovery discovery,
      Resources resources,
      PodStreams streams,
      Reviews reviews) {
    this.authentication = authentication;
    this.authorization = authorization;
    this.requests = requests;
    this.discovery = discovery;
    this.resources = resources;
    this.streams = streams;
    this.reviews = reviews;
  }

  @Override
  public Reply answer(WireRequest request) {
    try {
      return route(request);
    } catch (ApiException failure) {
      return Replies.failure(failure);
    }
  }

  @Override
  public Reply.Whole refuse(int status, String message) {
    String reason =
        switch (status) {
          case 413 -> "RequestEntityTooLarge";
          case 403 -> "Forbidden";
          default -> "BadRequest";
        };
    return Replies.failure(ApiException.of(status, reason, message));
  }

  private Reply route(WireRequest request) {
    Caller authenticated;
    try {
      authenticated = authentication.authenticate(request);
    } catch (ApiException unauthorized) {
      requests.record(request, Caller.ANONYMOUS, null);
      throw unauthorized;
    }
    @Nullable Caller as = authentication.impersonated(request);
    requests.record(request, authenticated, as);
    if (as != null) {
      authorization.requireImpersonation(authenticated, as);
    }
    Caller caller = as == null ? authenticated : as;
    RequestInfo info = RequestInfo.of(request);
    if (info.verb().isEmpty()) {
      throw Resources.notAllowed();
    }
    authorization.require(caller, info, request);
    if (!info.resource()) {
      return discovery.answer(request).orElseThrow(ApiException::pathNotFound);
    }
    Optional<Kind> kind = info.kind();
    if (kind.isEmpty() || info.namespace().isEmpty() == requiresNamespace(info, kind.get())) {
      throw ApiException.pathNotFound();
    }
    if (!kind.get().stored()) {
      return reviews.answer(request, kind.get(), caller);
    }
    if (kind.get().name().equals("Pod") && STREAMS.contains(info.subresource())) {
      return streams.answer(request, info);
    }
    return resources.answer(request, info, kind.get());
  }

  /** {@return whether the path must have a namespace for this kind and name} */
  private static boolean requiresNamespace(RequestInfo info, Kind kind) {
    if (kind.name().equals("Namespace")) {
      return !info.name().isEmpty();
    }
    if (kind.namespaced()) {
      // Lists over all namespaces have none; with a name there must be one.
      return !info.name().isEmpty() || !info.namespace().isEmpty();
    }
    return false;
  }
}
