package dev.fairlead.core.exchange;

import static dev.fairlead.core.status.KubernetesStatus.of;

import dev.fairlead.api.auth.Decision;
import dev.fairlead.core.status.StatusReason;
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

  private final AccessCheck check;
  private final RunningExchanges running;
  private final Caps caps;
  private final Consumer<Exchange> onward;

  Admission(AccessCheck check, RunningExchanges running, Caps caps, Consumer<Exchange> onward) {
    this.check = check;
    this.running = running;
    this.caps = caps;
    this.onward = onward;
  }

  void decide(Exchange exchange) {
    running.enter(exchange);
    if (!caps.admitUser(exchange)) {
      return;
    }
    check
        .ask(exchange)
        .whenComplete(
            (decided, failure) -> {
              if (failure != null || decided == null) {
                broken(exchange, failure);
              } else {
                exchange.attempt(() -> decided(exchange, decided));
              }
            });
  }

  private void decided(Exchange exchange, Decision decision) {
    Trail trail = exchange.trail();
    if (decision instanceof Decision.Denied denied) {
      trail.annotate(Fact.DECISION, "deny");
      annotate(trail, denied.role(), denied.rule());
      exchange.forbid(denied.message());
    } else if (decision instanceof Decision.Allowed allowed) {
      trail.annotate(Fact.DECISION, "allow");
      annotate(trail, allowed.role(), allowed.rule());
      running.decided(exchange, allowed);
      // Not before, so that whoever may not use the cluster cannot fill it either.
      if (caps.admitToCluster(exchange)) {
        record(exchange);
      }
    }
  }

  private static void annotate(Trail trail, @Nullable String role, @Nullable String rule) {
    if (role != null && rule != null) {
      trail.annotate(Fact.ROLE, role);
      trail.annotate(Fact.RULE, rule);
    }
  }

  private void record(Exchange exchange) {
    exchange
        .trail()
        .received()
        .whenComplete(
            (nothing, failure) -> {
              if (failure == null) {
                exchange.attempt(() -> onward.accept(exchange));
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
