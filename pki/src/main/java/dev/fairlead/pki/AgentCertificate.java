package dev.fairlead.pki;

import static java.util.Objects.requireNonNull;

import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * A certificate the hub issued to an agent. Holds nothing secret: the key never left the agent.
 *
 * @param certificate the agent's certificate
 * @param issuer the hub's CA certificate
 */
public record AgentCertificate(X509Certificate certificate, X509Certificate issuer) {

  /** Checks that both are there. */
  public AgentCertificate {
    requireNonNull(certificate, "certificate");
    requireNonNull(issuer, "issuer");
  }

  /**
   * The chain in the order TLS wants.
   *
   * @return the agent's certificate, then the CA's
   */
  public List<X509Certificate> chain() {
    return List.of(certificate, issuer);
  }

  /**
   * The chain as it travels to the agent, which reads it with {@link AgentCredentials#decode}.
   *
   * @return the DER form of each certificate of {@link #chain()}
   */
  public List<byte[]> encodedChain() {
    return List.of(Pem.der(certificate), Pem.der(issuer));
  }

  /**
   * Whom it is made out to.
   *
   * @return cluster, agent and serial number
   */
  public AgentSubject subject() {
    return AgentSubject.of(certificate);
  }

  /**
   * The serial number revocation goes by.
   *
   * @return a positive number of at most 128 bits
   */
  public BigInteger serial() {
    return certificate.getSerialNumber();
  }

  /**
   * When it expires.
   *
   * @return the end of its validity
   */
  public Instant notAfter() {
    return certificate.getNotAfter().toInstant();
  }

  /** Subject and expiry on one line. */
  @Override
  public String toString() {
    return "AgentCertificate[" + subject() + ", notAfter=" + notAfter() + "]";
  }
}
