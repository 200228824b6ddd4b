package dev.fairlead.api;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The clusters of a hub. All operations block until they are done and durable in the hub's stores,
 * and may be called by any thread.
 */
public interface Fleet {

  /** How long an install token lives unless told otherwise. */
  Duration INSTALL_TOKEN_LIFE = Duration.ofHours(24);

  /**
   * All clusters, connected or not.
   *
   * @return a snapshot, by name
   */
  List<Cluster> list();

  /**
   * One cluster.
   *
   * @param name its name
   * @return the cluster
   * @throws NotFoundException if the fleet has no such cluster
   */
  Cluster get(ClusterName name);

  /**
   * Adds a cluster that nobody enrols for by an install token: one whose agent is in the hub's own
   * process.
   *
   * @param name its name; one that is in the fleet already only gets the labels
   * @param labels labels to set on it, in addition to those it has
   * @return the cluster
   * @throws InvalidException if a label is not a Kubernetes label
   */
  Cluster add(ClusterName name, Map<String, String> labels);

  /**
   * Follows the fleet from now on. The first events tell of every cluster there is.
   *
   * @return a watch that the caller closes
   */
  FleetWatch watch();

  /**
   * Issues an install token for one agent of one cluster, with a life of {@link
   * #INSTALL_TOKEN_LIFE} and no new labels.
   *
   * @param cluster the cluster the agent will serve; it is added to the fleet if it is new
   * @return the token, which is shown this once and kept only as a hash
   */
  default IssuedInstallToken issueInstallToken(ClusterName cluster) {
    return issueInstallToken(cluster, Map.of(), INSTALL_TOKEN_LIFE);
  }

  /**
   * Issues an install token for one agent of one cluster.
   *
   * @param cluster the cluster the agent will serve; it is added to the fleet if it is new
   * @param labels labels to set on the cluster, in addition to those it has
   * @param life how long the token can be redeemed; more than zero, at most 30 days
   * @return the token, which is shown this once and kept only as a hash
   * @throws InvalidException if {@code life} is out of range or a label is not a Kubernetes label
   */
  IssuedInstallToken issueInstallToken(
      ClusterName cluster, Map<String, String> labels, Duration life);

  /**
   * The install tokens that exist, redeemed and expired ones included.
   *
   * @return a snapshot without secrets, newest first
   */
  List<InstallTokenInfo> installTokens();

  /**
   * Makes an install token useless.
   *
   * @param id the token's id, from {@link IssuedInstallToken} or {@link #installTokens()}
   * @throws NotFoundException if there is no such token
   */
  void revokeInstallToken(String id);

  /**
   * Revokes one agent for good: closes its tunnels, ends what runs through them, and refuses its
   * certificates, also to renew them. Other agents of its cluster go on. It may enrol again with a
   * new install token, and then has another id.
   *
   * @param agentId the agent's id, as in {@link AgentInfo#id()}
   * @throws NotFoundException if no agent with that id enrolled here
   */
  void revokeAgent(String agentId);

  /**
   * Removes a cluster: closes its tunnels, revokes its agents' certificates and its install tokens.
   *
   * @param cluster the cluster's name
   * @throws NotFoundException if the fleet has no such cluster
   */
  void remove(ClusterName cluster);
}
