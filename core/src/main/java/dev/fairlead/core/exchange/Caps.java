package dev.fairlead.core.exchange;

import static dev.fairlead.core.status.KubernetesStatus.of;

import dev.fairlead.api.ClusterName;
import dev.fairlead.core.status.StatusReason;
import java.time.InstantSource;

/**
 * Holds exchanges under their limits. What is counted is given back when the exchange is over,
 * whatever ended it. What is urgent is held under no rate, and has places of its own. Safe for use
 * by any thread.
 */
final class Caps {

  private final Tally<String> users;
  private final Tally<ClusterName> clusters;
  private final Rates<String> userRates;
  private final Rates<ClusterName> clusterRates;

  Caps(ExchangeLimits limits, InstantSource clock) {
    this.users = new Tally<>(limits.perUser());
    this.clusters = new Tally<>(limits.perCluster());
    this.userRates = new Rates<>(limits.userRate(), clock);
    this.clusterRates = new Rates<>(limits.clusterRate(), clock);
  }

  /** Counts an exchange for its user, or refuses it. */
  boolean admitUser(Exchange exchange) {
    String user = exchange.caller().identity().username();
    return admit(exchange, users, userRates, user, "user", "user " + user);
  }

  /** Counts an exchange for its cluster, or refuses it. */
  boolean admitToCluster(Exchange exchange) {
    ClusterName cluster = exchange.where().cluster();
    return admit(exchange, clusters, clusterRates, cluster, "cluster", "cluster " + cluster);
  }

  private static <K> boolean admit(
      Exchange exchange, Tally<K> tally, Rates<K> rates, K key, String kind, String shown) {
    boolean urgent = Urgent.is(exchange.request().info());
    if (!urgent && !rates.take(key)) {
      refuse(
          exchange,
          kind,
          shown
              + ": more than "
              + rates.perSecond()
              + " requests in a second (expected: fewer; try again later)");
      return false;
    }
    int most = urgent ? tally.most() + Math.max(1, tally.most() / 8) : tally.most();
    if (!tally.take(key, most)) {
      refuse(
          exchange,
          kind,
          shown
              + ": "
              + tally.most()
              + " requests are under way, watches and sessions among them (expected: fewer; end"
              + " some, or try again later)");
      return false;
    }
    exchange.whenOver(() -> tally.release(key));
    return true;
  }

  private static void refuse(Exchange exchange, String kind, String message) {
    exchange.trail().annotate(Fact.LIMIT, kind);
    exchange.refuse(of(StatusReason.TOO_MANY_REQUESTS, message));
  }
}
