package dev.fairlead.core.request;

import dev.fairlead.api.ClusterName;
import java.util.Objects;

/**
 * A request that is for a cluster.
 *
 * @param cluster the cluster's name
 * @param target the target as the cluster is to see it
 */
public record ClusterRequest(ClusterName cluster, RequestTarget target) {
  /**
   * Checks the parts.
   *
   * @throws NullPointerException if a part is null
   */
  public ClusterRequest {
    Objects.requireNonNull(cluster, "cluster");
    Objects.requireNonNull(target, "target");
  }
}
