package dev.fairlead.api;

import java.util.Objects;

/**
 * One change of the fleet.
 *
 * @param kind what happened
 * @param cluster to which cluster
 * @param status the cluster's status afterwards
 */
public record FleetEvent(Kind kind, ClusterName cluster, ClusterStatus status) {

  /** What happened to a cluster. */
  public enum Kind {
    /** It is there, or its status, agents or labels changed. */
    UPDATED,
    /** It left the fleet. */
    REMOVED
  }

  /**
   * Checks the parts.
   *
   * @param kind what happened
   * @param cluster to which cluster
   * @param status the cluster's status afterwards
   */
  public FleetEvent {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(cluster, "cluster");
    Objects.requireNonNull(status, "status");
  }
}
