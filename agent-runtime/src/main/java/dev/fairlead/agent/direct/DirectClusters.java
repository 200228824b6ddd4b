package dev.fairlead.agent.direct;

import dev.fairlead.agent.FairleadAgent;
import dev.fairlead.agent.guard.Guard;
import dev.fairlead.agent.upstream.ApiServer;
import dev.fairlead.api.Cluster;
import dev.fairlead.api.ClusterName;
import dev.fairlead.api.ConflictException;
import dev.fairlead.api.InvalidException;
import dev.fairlead.api.NotFoundException;
import dev.fairlead.core.hub.FairleadHub;
import dev.fairlead.core.memory.InMemoryTransport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Clusters that a hub reaches by itself: from a kubeconfig, say. Each has an agent in the hub's own
 * process on the in-memory transport, so that all is as with any other cluster: roles, audit,
 * limits, the guard, and being offline. What is in a kubeconfig is never logged.
 *
 * <p>Clusters are added and removed while the hub runs. The hub remembers a cluster but not how to
 * reach it, so after a restart it is offline until it is added again. Safe for use by any thread;
 * operations block until they are done.
 */
public final class DirectClusters implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(DirectClusters.class);
  private static final String AGENT = "direct";

  private final FairleadHub hub;
  private final InMemoryTransport transport;
  private final Map<ClusterName, FairleadAgent> agents = new ConcurrentHashMap<>();
  private volatile boolean closed;

  private DirectClusters(FairleadHub hub, InMemoryTransport transport) {
    this.hub = hub;
    this.transport = transport;
  }

  /**
   * For a hub in this process.
   *
   * @param hub a hub; started before the first cluster is added, closed after this
   * @param transport the address that the hub was given the {@link InMemoryTransport#hub} end of
   * @return no clusters yet
   */
  public static DirectClusters of(FairleadHub hub, InMemoryTransport transport) {
    return new DirectClusters(
        Objects.requireNonNull(hub, "hub"), Objects.requireNonNull(transport, "transport"));
  }

  /**
   * Adds a cluster without labels, guarded as any other.
   *
   * @param name its name
   * @param server its API server, such as {@link ApiServer#kubeconfig(java.nio.file.Path)} or
   *     {@link ApiServer#inCluster()}
   * @return the cluster, which is connected soon if its API server can be reached
   * @throws InvalidException if the kubeconfig cannot be read, or is not what it has to be
   * @throws ConflictException if this has a cluster of that name
   * @throws IllegalStateException if the hub is not running, or this was closed
   */
  public Cluster add(ClusterName name, ApiServer server) {
    return add(name, Map.of(), server, Guard.standard());
  }

  /**
   * Adds a cluster. One that the hub knows already is reached this way from now on, too, beside its
   * other agents.
   *
   * @param name its name
   * @param labels labels to set on it, in addition to those it has
   * @param server its API server
   * @param guard what is refused whatever the hub says
   * @return the cluster, which is connected soon if its API server can be reached
   * @throws InvalidException if the kubeconfig cannot be read, or is not what it has to be, or a
   *     label is not a Kubernetes label; a cluster that was new is not in the fleet then
   * @throws ConflictException if this has a cluster of that name
   * @throws IllegalStateException if the hub is not running, or this was closed
   */
  public Cluster add(ClusterName name, Map<String, String> labels, ApiServer server, Guard guard) {
    FairleadAgent agent =
        FairleadAgent.builder()
            .dial(transport.agent(name, AGENT))
            .withoutCredentials()
            .cluster(server)
            .guard(guard)
            .time(hub.time())
            .metrics(hub.metrics())
            .eventLoops(hub.eventLoops())
            .drainFor(Duration.ZERO)
            .build();
    if (agents.putIfAbsent(name, agent) != null) {
      agent.close();
      throw new ConflictException(
          "cluster " + name + ": reached directly already (expected: another name, or remove it)");
    }
    boolean known = isKnown(name);
    try {
      requireOpen();
      Cluster added = hub.fleet().add(name, labels);
      agent.start();
      log.info("cluster {}: reached directly, by {}", name, server);
      return added;
    } catch (RuntimeException e) {
      agents.remove(name, agent);
      agent.close();
      if (!known) {
        forget(name);
      }
      throw e;
    }
  }

  private boolean isKnown(ClusterName name) {
    return hub.fleet().list().stream().anyMatch(present -> present.name().equals(name));
  }

  private void forget(ClusterName name) {
    try {
      hub.fleet().remove(name);
    } catch (NotFoundException | IllegalStateException e) {
      log.debug("cluster {}: had not been added", name);
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("direct clusters: closed (expected: open)");
    }
  }

  /**
   * Removes a cluster from this and from the fleet; what is under way for it ends.
   *
   * @param name its name
   * @throws NotFoundException if this has no such cluster
   */
  public void remove(ClusterName name) {
    FairleadAgent agent = agents.remove(name);
    if (agent == null) {
      throw new NotFoundException(
          "cluster " + name + ": not reached directly (expected: one of " + names() + ")");
    }
    forget(name);
    agent.close();
    log.info("cluster {}: no longer reached directly", name);
  }

  /**
   * The clusters that are reached this way.
   *
   * @return a snapshot, by name
   */
  public List<ClusterName> names() {
    return agents.keySet().stream()
        .sorted(java.util.Comparator.comparing(ClusterName::value))
        .toList();
  }

  /** Reaches no cluster any more; the hub still knows them. Before the hub is closed. */
  @Override
  public void close() {
    closed = true;
    for (ClusterName name : names()) {
      FairleadAgent agent = agents.remove(name);
      if (agent != null) {
        agent.close();
      }
    }
  }
}
