package dev.fairlead.api.transport;

import dev.fairlead.api.ClusterName;
import java.security.cert.X509Certificate;
import java.util.Objects;

/** Who is at the agent's end of a pipe, as the transport, not the agent, says. */
public sealed interface Peer {

  /**
   * An agent that proved by a TLS handshake that it has the key of a certificate issued by the
   * hub's own authority.
   *
   * @param certificate the agent's certificate, which the handshake validated
   */
  record Certified(X509Certificate certificate) implements Peer {
    /**
     * Checks the parts.
     *
     * @param certificate the agent's certificate, which the handshake validated
     */
    public Certified {
      Objects.requireNonNull(certificate, "certificate");
    }
  }

  /**
   * An agent in the hub's own process. Only a transport that never leaves the process may say this.
   *
   * @param cluster the cluster it serves
   * @param agentId its id
   */
  record Local(ClusterName cluster, String agentId) implements Peer {
    /**
     * Checks the parts.
     *
     * @param cluster the cluster it serves
     * @param agentId its id
     */
    public Local {
      Objects.requireNonNull(cluster, "cluster");
      Objects.requireNonNull(agentId, "agentId");
    }
  }
}
