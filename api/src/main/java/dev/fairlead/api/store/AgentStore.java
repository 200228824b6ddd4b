package dev.fairlead.api.store;

import dev.fairlead.api.ClusterName;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The enrolled agents and the last certificate of each. */
public interface AgentStore {

  /**
   * An enrolled agent.
   *
   * @param id the id it was given at enrolment
   * @param cluster the cluster it serves
   * @param notAfter when its newest certificate expires
   * @param revoked whether it is refused whatever certificate it has
   */
  record StoredAgent(String id, ClusterName cluster, Instant notAfter, boolean revoked) {
    /**
     * Checks the parts.
     *
     * @param id the id it was given at enrolment
     * @param cluster the cluster it serves
     * @param notAfter when its newest certificate expires
     * @param revoked whether it is refused whatever certificate it has
     */
    public StoredAgent {
      Objects.requireNonNull(id, "id");
      Objects.requireNonNull(cluster, "cluster");
      Objects.requireNonNull(notAfter, "notAfter");
    }
  }

  /**
   * Adds an agent.
   *
   * @param agent the agent
   * @throws dev.fairlead.api.ConflictException if there is an agent with that id
   */
  void add(StoredAgent agent);

  /**
   * Notes that an agent got a further certificate.
   *
   * @param id the agent's id
   * @param notAfter when it expires
   * @return whether there is such an agent and it is not revoked; otherwise nothing was changed
   */
  boolean renewed(String id, Instant notAfter);

  /**
   * Finds an agent.
   *
   * @param id the agent's id
   * @return the agent, or empty
   */
  Optional<StoredAgent> find(String id);

  /**
   * Revokes an agent for good.
   *
   * @param id the agent's id
   * @return whether there is such an agent, revoked before or not
   */
  boolean revoke(String id);

  /**
   * Revokes all agents of a cluster.
   *
   * @param cluster the cluster
   */
  void revokeAll(ClusterName cluster);

  /**
   * All agents.
   *
   * @return a snapshot
   */
  List<StoredAgent> list();

  /**
   * Forgets agents whose last certificate expired.
   *
   * @param before those whose certificate expired before this time
   */
  void purge(Instant before);
}
