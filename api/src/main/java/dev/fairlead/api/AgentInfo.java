package dev.fairlead.api;

import java.time.Instant;
import java.util.Objects;

/**
 * One connected agent of a cluster.
 *
 * @param id the id the hub gave it at enrolment
 * @param connectedSince when its present tunnel was opened
 * @param reachesApiServer whether it reported that it reaches the cluster's API server
 */
public record AgentInfo(String id, Instant connectedSince, boolean reachesApiServer) {

  /**
   * Checks the parts.
   *
   * @param id the id the hub gave it at enrolment
   * @param connectedSince when its present tunnel was opened
   * @param reachesApiServer whether it reported that it reaches the cluster's API server
   */
  public AgentInfo {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(connectedSince, "connectedSince");
  }
}
