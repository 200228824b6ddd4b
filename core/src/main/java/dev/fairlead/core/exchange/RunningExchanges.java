package dev.fairlead.core.exchange;

import static dev.fairlead.core.status.StatusReason.FORBIDDEN;
import static dev.fairlead.core.status.StatusReason.NOT_FOUND;
import static dev.fairlead.core.status.StatusReason.SERVICE_UNAVAILABLE;
import static dev.fairlead.core.status.StatusReason.UNAUTHORIZED;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.Time;
import dev.fairlead.api.auth.Decision;
import dev.fairlead.api.auth.Grounds;
import dev.fairlead.core.status.KubernetesStatus;
import dev.fairlead.core.status.StatusReason;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The exchanges that are under way, each of which ends when what it stands on does: its credential,
 * its user, the rules that allowed it, its cluster. Nothing is asked while nothing changes. Safe
 * for use by any thread.
 */
final class RunningExchanges implements Grounds.Listener, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(RunningExchanges.class);

  /** A revocation meets requests, too, that were authenticated just before and come in just now. */
  private static final Duration REMEMBERED = Duration.ofSeconds(5);

  private final AccessCheck check;
  private final Time time;
  private final Map<Standing, Running> running = new ConcurrentHashMap<>();
  private final Map<String, String> lostCredentials = new ConcurrentHashMap<>();
  private final Map<String, String> lostUsers = new ConcurrentHashMap<>();
  private final Deadlines<Running> expiries;
  private final Deadlines<Running> rechecks;
  private final Deadlines<Running> timeouts;

  RunningExchanges(AccessCheck check, Time time) {
    this.check = check;
    this.time = time;
    this.expiries =
        Deadlines.ofTheDay(
            time, (one, at) -> one.lose(UNAUTHORIZED, "the credential expired at " + at));
    this.timeouts = Deadlines.steady(time, Running::timeOut);
    this.rechecks = Deadlines.ofTheDay(time, (one, at) -> one.recheck("a rule ended at " + at));
  }

  /** Follows an exchange from now until it is over. To be called before anything is asked. */
  void enter(Exchange exchange) {
    Running one = new Running(exchange);
    running.put(exchange.standing(), one);
    Caller caller = exchange.caller();
    Instant expiresAt = caller.expiresAt();
    Runnable expiry =
        expiresAt == null ? () -> {} : expiries.add(expiresAt, caller.credentialId(), one);
    Duration patience = exchange.patience();
    Runnable late =
        patience == null ? () -> {} : timeouts.add(rounded(timeouts.now().plus(patience)), "", one);
    exchange.whenOver(
        () -> {
          running.remove(exchange.standing());
          late.run();
          expiry.run();
          one.holdsUntil(null);
        });
    String lost = lostCredentials.get(caller.credentialId());
    lost = lost == null ? lostUsers.get(caller.identity().username()) : lost;
    if (lost != null) {
      one.lose(UNAUTHORIZED, lost);
    }
  }

  /** Some wait for the same moment then, and need one timer. */
  private static Instant rounded(Instant moment) {
    long millis = moment.toEpochMilli();
    return Instant.ofEpochMilli(millis + 100 - millis % 100);
  }

  /** What was decided holds for so long; then it is asked again. */
  void decided(Exchange exchange, Decision.Allowed allowed) {
    Running one = running.get(exchange.standing());
    if (one != null && allowed.until() != null) {
      one.holdsUntil(allowed.until());
    }
  }

  @Override
  public void credentialRevoked(String credentialId, String reason) {
    remember(lostCredentials, credentialId, reason);
    lose(one -> one.caller().credentialId().equals(credentialId), UNAUTHORIZED, reason);
  }

  @Override
  public void userRevoked(String username, String reason) {
    remember(lostUsers, username, reason);
    lose(one -> one.caller().identity().username().equals(username), UNAUTHORIZED, reason);
  }

  @Override
  public void rulesChanged(String reason) {
    running.values().forEach(one -> one.recheck(reason));
  }

  /** The cluster is in the fleet no more. */
  void clusterRemoved(ClusterName cluster) {
    lose(
        one -> one.where().cluster().equals(cluster),
        NOT_FOUND,
        "cluster " + cluster + " was removed from the fleet");
  }

  /** The agent is to carry nothing any more. */
  void agentRevoked(String agentId) {
    lose(
        one -> one.standing().goesThrough(agentId),
        SERVICE_UNAVAILABLE,
        "agent " + agentId + " was revoked");
  }

  /** The cluster's labels may have changed. */
  void clusterChanged(ClusterName cluster) {
    for (Running one : running.values()) {
      if (one.exchange.where().cluster().equals(cluster)) {
        one.recheck("the cluster's labels were changed");
      }
    }
  }

  private void remember(Map<String, String> lost, String key, String reason) {
    lost.put(key, reason);
    time.schedule(REMEMBERED, () -> lost.remove(key, reason));
  }

  private void lose(Predicate<Exchange> which, StatusReason kind, String reason) {
    for (Running one : running.values()) {
      if (which.test(one.exchange)) {
        one.lose(kind, reason);
      }
    }
  }

  @Override
  public void close() {
    expiries.close();
    timeouts.close();
    rechecks.close();
  }

  /** One exchange. Told apart by identity. */
  private final class Running {

    private final Exchange exchange;
    private final AtomicReference<Runnable> deadline = new AtomicReference<>(() -> {});

    Running(Exchange exchange) {
      this.exchange = exchange;
    }

    void lose(StatusReason kind, String reason) {
      log.info("audit {}: ends: {}", exchange.trail().auditId(), reason);
      exchange.standing().lose(KubernetesStatus.of(kind, reason));
    }

    void timeOut() {
      log.info("audit {}: ends: no answer in time", exchange.trail().auditId());
      exchange.trail().annotate(Fact.TIMEOUT, String.valueOf(exchange.patience()));
      if (exchange.standing().expire()) {
        exchange.refuse(exchange.late());
      }
    }

    void recheck(String reason) {
      check
          .ask(exchange)
          .whenComplete(
              (decision, failure) -> {
                if (failure != null) {
                  log.error("audit {}: the authoriser failed", exchange.trail().auditId(), failure);
                  lose(FORBIDDEN, reason + ", and whether it is still allowed could not be told");
                } else if (decision instanceof Decision.Allowed allowed) {
                  holdsUntil(allowed.until());
                } else {
                  lose(FORBIDDEN, reason + ", and it is allowed no more");
                }
              });
    }

    void holdsUntil(@Nullable Instant until) {
      Runnable added = until == null ? () -> {} : rechecks.add(until, "", this);
      deadline.getAndSet(added).run();
      if (until != null && exchange.over().isDone()) {
        deadline.getAndSet(() -> {}).run();
      }
    }
  }
}
