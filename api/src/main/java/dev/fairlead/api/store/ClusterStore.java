package dev.fairlead.api.store;

import dev.fairlead.api.ClusterName;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The clusters of the fleet. */
public interface ClusterStore {

  /**
   * A cluster.
   *
   * @param name its name
   * @param labels its labels
   */
  record StoredCluster(ClusterName name, Map<String, String> labels) {
    /**
     * Checks and copies the parts.
     *
     * @param name its name
     * @param labels its labels
     */
    public StoredCluster {
      Objects.requireNonNull(name, "name");
      labels = Map.copyOf(labels);
    }
  }

  /**
   * Adds a cluster, or adds labels to one that is there.
   *
   * @param name its name
   * @param labels labels to set; others are kept
   * @return the cluster as it is stored now
   */
  StoredCluster merge(ClusterName name, Map<String, String> labels);

  /**
   * Finds a cluster.
   *
   * @param name its name
   * @return the cluster, or empty
   */
  Optional<StoredCluster> find(ClusterName name);

  /**
   * All clusters.
   *
   * @return a snapshot, by name
   */
  List<StoredCluster> list();

  /**
   * Removes a cluster.
   *
   * @param name its name
   * @return whether it was there
   */
  boolean remove(ClusterName name);
}
