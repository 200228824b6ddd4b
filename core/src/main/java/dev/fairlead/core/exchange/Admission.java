package dev.fairlead.core.exchange;

import static dev.fairlead.core.status.KubernetesStatus.of;

import dev.fairlead.api.auth.AccessRequest;
import dev.fairlead.api.auth.Authorizer;
import dev.fairlead.api.auth.Decision;
import dev.fairlead.core.fleet.FleetRegistry;
import dev.fairlead.core.status.StatusReason;
import java.time.InstantSource;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets on what is allowed, within its limits and written down; all else is refused. Safe for use by
 * any thread.
 */
final class Admission {

  private static final Logger log = LoggerFactory.getLogger(Admission.class);

  private final Authorizer authorizer;
  private final FleetRegistry fleet;
  private final InstantSource clock;
  private final Caps caps;
  private final Consumer<Exchange> onward;

  Admission(
      Authorizer authorizer,
      FleetRegistry fleet,
      InstantSource clock,
      Caps caps,
      Consumer<Exchange> onward) {
    this.authorizer = authorizer;
    this.fleet = fleet;
    this.clock = clock;
    this.caps = caps;
    this.onward = onward;
  }

  void decide(Exchange exchange) {
    if (!caps.admitUser(exchange)) {
      return;
    }
    CompletionStage<Decision> decision;
    try {
      decision =
          authorizer.authorize(
              new AccessRequest(
                  exchange.caller().identity(),
                  exchange.where().cluster(),
                  fleet.labels(exchange.where().cluster()),
                  exchange.request().forAuthorization(),
                  exchange.caller().sourceIp(),
                  clock.instant()));
    } catch (RuntimeException e) {
      broken(exchange, e);
      return;
    }
    decision.whenComplete(
        (decided, failure) -> {
          if (failure != null || decided == null) {
            broken(exchange, failure);
          } else {
            decided(exchange, decided);
          }
        });
  }

  private void decided(Exchange exchange, Decision decision) {
    Trail trail = exchange.trail();
    if (decision instanceof Decision.Denied denied) {
      trail.annotate("decision", "deny");
      exchange.forbid(denied.message());
    } else if (decision instanceof Decision.Allowed allowed) {
      trail.annotate("decision", "allow");
      trail.annotate("role", allowed.role());
      trail.annotate("rule", allowed.rule());
      // Not before, so that whoever may not use the cluster cannot fill it either.
      if (caps.admitToCluster(exchange)) {
        record(exchange);
      }
    }
  }

  private void record(Exchange exchange) {
    exchange
        .trail()
        .received()
        .whenComplete(
            (nothing, failure) -> {
              if (failure == null) {
                onward.accept(exchange);
                return;
              }
              log.error(
                  "audit {}: not recorded: {}", exchange.trail().auditId(), failure.toString());
              exchange.answer(
                  of(
                      StatusReason.INTERNAL_ERROR,
                      "the request could not be recorded in the audit trail, so it was not sent"
                          + " (expected: a working audit sink)"));
            });
  }

  private static void broken(Exchange exchange, @Nullable Throwable failure) {
    log.error("audit {}: the authoriser failed", exchange.trail().auditId(), failure);
    exchange.refuse(of(StatusReason.INTERNAL_ERROR, "the request could not be authorised"));
  }
}
