package dev.fairlead.core.hub;

import dev.fairlead.api.Cluster;
import dev.fairlead.api.ClusterName;
import dev.fairlead.api.Fleet;
import dev.fairlead.api.FleetWatch;
import dev.fairlead.api.InstallTokenInfo;
import dev.fairlead.api.IssuedInstallToken;
import dev.fairlead.api.NotFoundException;
import dev.fairlead.api.audit.AuditEvent;
import dev.fairlead.api.store.Stores;
import dev.fairlead.core.enrolment.Enrolments;
import dev.fairlead.core.enrolment.InstallTokens;
import dev.fairlead.core.enrolment.KubernetesLabels;
import dev.fairlead.core.exchange.Exchanges;
import dev.fairlead.core.fleet.FleetRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fleet as the API shows it: what is stored, and what is connected. */
final class StoredFleet implements Fleet {

  private final FleetRegistry registry;
  private final Stores stores;
  private final InstallTokens tokens;
  private final Exchanges exchanges;
  private final HubCluster.Way way;
  private final Journal journal;
  private volatile @Nullable Enrolments enrolments;

  StoredFleet(
      FleetRegistry registry,
      Stores stores,
      InstallTokens tokens,
      HubCluster.Way way,
      Journal journal) {
    this.exchanges = way.exchanges();
    this.way = way;
    this.journal = journal;
    this.registry = registry;
    this.stores = stores;
    this.tokens = tokens;
  }

  /** From now on, with all that is stored. */
  void open(Enrolments opened) {
    stores.clusters().list().forEach(registry::add);
    enrolments = opened;
  }

  private Enrolments opened() {
    Enrolments present = enrolments;
    if (present == null) {
      throw new IllegalStateException("hub: not started (expected: start() first)");
    }
    return present;
  }

  @Override
  public List<Cluster> list() {
    return registry.list().stream().<Cluster>map(this::shown).toList();
  }

  @Override
  public HubCluster get(ClusterName name) {
    return shown(registry.get(name));
  }

  private HubCluster shown(Cluster entry) {
    return new HubCluster(entry, way);
  }

  @Override
  public HubCluster add(ClusterName name, Map<String, String> labels) {
    opened();
    KubernetesLabels.require(labels);
    return journal.keep(
        journal.about("create", "clusters", name.value(), name),
        () -> {
          registry.add(stores.clusters().merge(name, labels));
          exchanges.clusterChanged(name);
          return get(name);
        },
        added -> Map.of());
  }

  @Override
  public FleetWatch watch() {
    return registry.watch();
  }

  @Override
  public IssuedInstallToken issueInstallToken(
      ClusterName cluster, Map<String, String> labels, Duration life) {
    opened();
    AuditEvent event = journal.about("create", "installtokens", "", cluster);
    IssuedInstallToken issued =
        journal.keep(
            event,
            () -> tokens.issue(cluster, labels, life),
            token -> Map.of("fairlead.dev/install-token", token.info().id()));
    stores.clusters().find(cluster).ifPresent(registry::add);
    exchanges.clusterChanged(cluster);
    return issued;
  }

  @Override
  public List<InstallTokenInfo> installTokens() {
    opened();
    return tokens.list();
  }

  @Override
  public void revokeInstallToken(String id) {
    opened();
    journal.keep(
        journal.about("delete", "installtokens", id, null),
        () -> {
          tokens.revoke(id);
          return id;
        },
        revoked -> Map.of());
  }

  @Override
  public void revokeAgent(String agentId) {
    Enrolments present = opened();
    journal.keep(
        journal.about("delete", "agents", agentId, null),
        () -> revokeAgent(agentId, present),
        revoked -> Map.of());
  }

  private String revokeAgent(String agentId, Enrolments present) {
    if (!present.revoke(agentId)) {
      throw new NotFoundException("agent: no such id (expected: one that enrolled at this hub)");
    }
    exchanges.agentRevoked(agentId);
    registry.expel(agentId);
    return agentId;
  }

  @Override
  public void remove(ClusterName cluster) {
    Enrolments present = opened();
    journal.keep(
        journal.about("delete", "clusters", cluster.value(), cluster),
        () -> dismiss(cluster, present),
        removed -> Map.of());
  }

  private ClusterName dismiss(ClusterName cluster, Enrolments present) {
    boolean known = present.dismiss(cluster);
    exchanges.clusterRemoved(cluster);
    registry.remove(cluster);
    if (!known) {
      throw new NotFoundException(
          "cluster " + cluster + ": not in the fleet (expected: one of those listed)");
    }
    return cluster;
  }
}
