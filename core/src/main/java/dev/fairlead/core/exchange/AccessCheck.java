package dev.fairlead.core.exchange;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.RequestInfo;
import dev.fairlead.api.auth.AccessRequest;
import dev.fairlead.api.auth.Authorizer;
import dev.fairlead.api.auth.Decision;
import dev.fairlead.core.fleet.FleetRegistry;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Asks all that has to be allowed for an exchange, now: that its caller acts as somebody else, if
 * they do, and that whoever it runs as may do what it asks for; each by the hub's authoriser and by
 * the scope of the caller's credential, if that has one. Safe for use by any thread.
 */
final class AccessCheck {

  private static final RequestInfo VERSION = RequestInfo.nonResource("get", "/version");

  private final Authorizer authorizer;
  private final FleetRegistry fleet;
  private final InstantSource clock;

  AccessCheck(Authorizer authorizer, FleetRegistry fleet, InstantSource clock) {
    this.authorizer = authorizer;
    this.fleet = fleet;
    this.clock = clock;
  }

  /**
   * The first refusal, or else what the request itself is allowed by, until the first of all ends.
   */
  CompletionStage<Decision> ask(Exchange exchange) {
    AccessRequest request =
        new AccessRequest(
            exchange.runsAs(),
            exchange.where().cluster(),
            fleet.labels(exchange.where().cluster()),
            exchange.request().forAuthorization(),
            exchange.caller().sourceIp(),
            clock.instant());
    Impersonation impersonation = exchange.impersonation();
    Authorizer scope = exchange.caller().scope();
    if (impersonation == null) {
      return ask(request, scope);
    }
    List<AccessRequest> parts = new ArrayList<>();
    for (RequestInfo part : impersonation.parts(exchange.request().info().path())) {
      parts.add(
          new AccessRequest(
              exchange.caller().identity(),
              request.cluster(),
              request.clusterLabels(),
              part,
              request.sourceIp(),
              request.at()));
    }
    return askParts(parts, 0, request, scope, null);
  }

  /** Whether somebody may ask for a cluster's version. */
  CompletionStage<Boolean> mayUse(ClusterName cluster, Caller caller) {
    AccessRequest version =
        new AccessRequest(
            caller.identity(),
            cluster,
            fleet.labels(cluster),
            VERSION,
            caller.sourceIp(),
            clock.instant());
    return ask(version, caller.scope())
        .thenApply(Decision.Allowed.class::isInstance)
        .exceptionally(e -> false);
  }

  private CompletionStage<Decision> askParts(
      List<AccessRequest> parts,
      int index,
      AccessRequest request,
      @Nullable Authorizer scope,
      @Nullable Instant until) {
    if (index == parts.size()) {
      return ask(request, scope).thenApply(decision -> bounded(decision, until));
    }
    AccessRequest part = parts.get(index);
    return ask(part, scope)
        .thenCompose(
            decision -> {
              if (decision instanceof Decision.Allowed allowed) {
                return askParts(parts, index + 1, request, scope, earlier(until, allowed.until()));
              }
              Decision.Denied denied = (Decision.Denied) decision;
              return CompletableFuture.completedStage(
                  new Decision.Denied(refusal(part), denied.role(), denied.rule()));
            });
  }

  private CompletionStage<Decision> ask(AccessRequest request, @Nullable Authorizer scope) {
    CompletionStage<Decision> byRoles = ask(authorizer, request);
    if (scope == null) {
      return byRoles;
    }
    return byRoles.thenCompose(
        decision ->
            decision instanceof Decision.Allowed allowed
                ? ask(scope, request)
                    .thenApply(
                        scoped ->
                            scoped instanceof Decision.Allowed also
                                ? bounded(allowed, also.until())
                                : scoped)
                : CompletableFuture.completedStage(decision));
  }

  private static CompletionStage<Decision> ask(Authorizer authorizer, AccessRequest request) {
    try {
      return Objects.requireNonNull(authorizer.authorize(request), "an authoriser's stage")
          .thenApply(decision -> Objects.requireNonNull(decision, "a decision"));
    } catch (RuntimeException | Error e) {
      return CompletableFuture.failedStage(e);
    }
  }

  private static Decision bounded(Decision decision, @Nullable Instant until) {
    return decision instanceof Decision.Allowed allowed
        ? new Decision.Allowed(allowed.role(), allowed.rule(), earlier(until, allowed.until()))
        : decision;
  }

  private static @Nullable Instant earlier(@Nullable Instant one, @Nullable Instant other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one.isBefore(other) ? one : other;
  }

  private static String refusal(AccessRequest part) {
    return "User \""
        + part.identity().username()
        + "\" may not impersonate "
        + part.info().resourcePath()
        + " \""
        + part.info().name()
        + "\" on cluster "
        + part.cluster();
  }
}
