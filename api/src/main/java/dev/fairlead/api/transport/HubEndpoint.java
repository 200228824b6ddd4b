package dev.fairlead.api.transport;

import dev.fairlead.api.InstallToken;
import dev.fairlead.api.metrics.Metrics;

/**
 * What a hub gives to each of its transports: where pipes and enrolments go. Safe for use by any
 * thread.
 */
public interface HubEndpoint {

  /**
   * The hub's key, and trust in the agents' certificates it issued. A transport that leaves the
   * process must use it, must ask clients for a certificate, and must let those without one enrol
   * and nothing else.
   *
   * @return key and trust managers; the hub renews its certificate behind them
   */
  TlsMaterial tls();

  /**
   * Where a transport counts whom it turned away before it knew who that was.
   *
   * @return the hub's metrics; {@link Metrics#none} unless overridden
   */
  default Metrics metrics() {
    return Metrics.none();
  }

  /**
   * Exchanges an install token for a certificate. Blocks; not to be called on a thread that does
   * I/O.
   *
   * @param token the token that the agent sent
   * @param csr a PKCS #10 request (RFC 2986) in DER, whose key the certificate is for; all else it
   *     asks for is ignored
   * @return the certificate
   * @throws dev.fairlead.api.UnauthenticatedException if the token is not known, used up, expired
   *     or revoked
   * @throws dev.fairlead.api.InvalidException if the request is not well formed or its key is too
   *     weak
   * @throws dev.fairlead.api.LimitException if too many enrolments are under way
   */
  Enrolment enrol(InstallToken token, byte[] csr);

  /**
   * Issues a further certificate to an agent that has one. Blocks; not to be called on a thread
   * that does I/O.
   *
   * @param peer the agent, as the transport authenticated it; the new certificate is for the same
   *     cluster and agent
   * @param csr a PKCS #10 request (RFC 2986) in DER, whose key the certificate is for; all else it
   *     asks for is ignored
   * @return the certificate
   * @throws dev.fairlead.api.UnauthenticatedException if the agent is not known or was revoked
   * @throws dev.fairlead.api.InvalidException if the request is not well formed or its key is too
   *     weak
   */
  Enrolment renew(Peer peer, byte[] csr);

  /**
   * Takes over a pipe that an agent opened. Blocks for as long as the stores take to tell whether
   * the agent may; not to be called on a thread that does I/O. When it returns, the hub has started
   * the pipe and owns it.
   *
   * @param pipe a pipe that was not started
   * @param peer the agent, as the transport authenticated it
   * @throws dev.fairlead.api.UnauthenticatedException if the agent is not known or was revoked; the
   *     pipe was not started and the transport closes it, telling the agent why
   * @throws dev.fairlead.api.LimitException if the hub takes no further tunnels at present,
   *     likewise
   */
  void accept(Pipe pipe, Peer peer);
}
