package dev.fairlead.core.enrolment;

import dev.fairlead.api.ClusterName;
import java.time.Instant;
import java.util.Objects;

/**
 * An agent that may serve its cluster now.
 *
 * @param cluster the one cluster it serves
 * @param agentId its id
 * @param certificateNotAfter when the certificate it showed expires; {@link Instant#MAX} if it is
 *     in the hub's own process
 */
public record AdmittedAgent(ClusterName cluster, String agentId, Instant certificateNotAfter) {

  /** Checks the parts. */
  public AdmittedAgent {
    Objects.requireNonNull(cluster, "cluster");
    Objects.requireNonNull(agentId, "agentId");
    Objects.requireNonNull(certificateNotAfter, "certificateNotAfter");
  }
}
