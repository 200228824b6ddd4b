package dev.fairlead.api;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A cluster of the fleet, as it is now: a live view, each call answers at once from what the hub
 * knows. Safe for use by any thread. After the cluster was removed from the fleet it is {@link
 * ClusterStatus#OFFLINE} for ever.
 */
public interface Cluster {

  /**
   * The cluster's name.
   *
   * @return the name, which never changes
   */
  ClusterName name();

  /**
   * Whether requests can be expected to work.
   *
   * @return the present status
   */
  ClusterStatus status();

  /**
   * When the hub last heard of one of the cluster's agents.
   *
   * @return the time of the last sign of life, or empty if there never was one since the hub
   *     started
   */
  Optional<Instant> lastSeen();

  /**
   * The agents that are connected now.
   *
   * @return a snapshot, oldest connection first
   */
  List<AgentInfo> agents();

  /**
   * The labels given when the cluster was added.
   *
   * @return label values by key, unmodifiable
   */
  Map<String, String> labels();

  /**
   * The version the API server told its agent last.
   *
   * @return Kubernetes' {@code gitVersion}, such as {@code v1.33.1}, or empty if not known yet
   */
  Optional<String> kubernetesVersion();
}
