package dev.fairlead.core.exchange;

import static dev.fairlead.core.status.KubernetesStatus.of;

import dev.fairlead.api.ClusterName;
import dev.fairlead.core.status.StatusReason;

/**
 * Holds exchanges under their limits. What is counted is given back when the exchange is over,
 * whatever ended it. Safe for use by any thread.
 */
final class Caps {

  private final Tally<String> users;
  private final Tally<ClusterName> clusters;

  Caps(ExchangeLimits limits) {
    this.users = new Tally<>(limits.perUser());
    this.clusters = new Tally<>(limits.perCluster());
  }

  /** Counts an exchange for its user, or refuses it. */
  boolean admitUser(Exchange exchange) {
    String user = exchange.caller().identity().username();
    return admit(exchange, users, user, "user", "user " + user);
  }

  /** Counts an exchange for its cluster, or refuses it. */
  boolean admitToCluster(Exchange exchange) {
    ClusterName cluster = exchange.where().cluster();
    return admit(exchange, clusters, cluster, "cluster", "cluster " + cluster);
  }

  private static <K> boolean admit(
      Exchange exchange, Tally<K> tally, K key, String kind, String shown) {
    if (tally.take(key)) {
      exchange.whenOver(() -> tally.release(key));
      return true;
    }
    exchange.trail().annotate("limit", kind);
    exchange.refuse(
        of(
            StatusReason.TOO_MANY_REQUESTS,
            shown
                + ": "
                + tally.most()
                + " requests are under way, watches and sessions among them (expected: fewer; end"
                + " some, or try again later)"));
    return false;
  }
}
