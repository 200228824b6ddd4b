package dev.fairlead.api.transport;

import dev.fairlead.api.InstallToken;

/**
 * The agent's end of a transport: it dials one hub. Safe for use by any thread. {@link #close} may
 * come at any time and more than once; after it the other calls throw {@link
 * IllegalStateException}.
 */
public interface AgentTransport extends AutoCloseable {

  /**
   * Exchanges an install token for a certificate. Blocks, for at most the transport's own deadline.
   *
   * @param tls whom the agent trusts; without a key
   * @param token the install token
   * @param csr a PKCS #10 request (RFC 2986) in DER
   * @return the certificate
   * @throws dev.fairlead.api.UnauthenticatedException if the hub refused the token
   * @throws dev.fairlead.api.InvalidException if the hub refused the request
   * @throws dev.fairlead.api.TransportException if the hub cannot be reached, or is not the one the
   *     agent trusts
   */
  Enrolment enrol(TlsMaterial tls, InstallToken token, byte[] csr);

  /**
   * Gets a further certificate. Blocks, for at most the transport's own deadline.
   *
   * @param tls the agent's present key, and whom it trusts
   * @param csr a PKCS #10 request (RFC 2986) in DER
   * @return the certificate
   * @throws dev.fairlead.api.UnauthenticatedException if the hub does not accept the agent any more
   * @throws dev.fairlead.api.InvalidException if the hub refused the request
   * @throws dev.fairlead.api.TransportException if the hub cannot be reached, or is not the one the
   *     agent trusts
   */
  Enrolment renew(TlsMaterial tls, byte[] csr);

  /**
   * Opens a pipe to the hub. Returns at once; the pipe becomes ready when it is connected, and
   * closes with a cause if it cannot be: a {@link dev.fairlead.api.UnauthenticatedException} if the
   * hub does not accept the agent, otherwise a {@link dev.fairlead.api.TransportException}. Each
   * call makes a connection with the given key, so that a renewed certificate is used by the next
   * pipe.
   *
   * @param tls the agent's key, and whom it trusts
   * @return a pipe that was not started
   */
  Pipe dial(TlsMaterial tls);

  /** Closes all pipes and connections; returns when no callback will come any more. */
  @Override
  void close();
}
