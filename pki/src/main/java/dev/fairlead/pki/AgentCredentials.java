package dev.fairlead.pki;

import static java.util.Objects.requireNonNull;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.TrustManager;

/**
 * What an agent proves itself with and what it trusts: its private key, its certificate and the
 * hub's CA. The parts have been found to belong together; whether they are in date is for the user
 * to ask.
 */
public final class AgentCredentials {

  private final KeyEntry entry;
  private final AgentSubject subject;

  private AgentCredentials(KeyEntry entry, AgentSubject subject) {
    this.entry = entry;
    this.subject = subject;
  }

  /**
   * Puts the parts together.
   *
   * @param privateKey the agent's key
   * @param certificate the certificate issued for it
   * @param hubCa the CA that issued it
   * @return the credentials
   * @throws PkiException with {@link PkiException.Code#CERTIFICATE_REFUSED} if key, certificate and
   *     CA do not belong together, or the certificate is no agent's
   */
  public static AgentCredentials of(
      PrivateKey privateKey, X509Certificate certificate, X509Certificate hubCa) {
    requireNonNull(privateKey, "privateKey");
    requireNonNull(certificate, "certificate");
    requireNonNull(hubCa, "hubCa");
    AgentSubject subject = AgentSubject.of(certificate);
    if (!Keys.belongTogether(privateKey, certificate.getPublicKey())) {
      throw refused("the certificate was issued for another key (expected: the agent's own)");
    }
    if (hubCa.getBasicConstraints() < 0) {
      throw refused("the issuer's certificate is no CA (expected: CA:TRUE)");
    }
    try {
      certificate.verify(hubCa.getPublicKey());
    } catch (GeneralSecurityException e) {
      throw new PkiException(
          PkiException.Code.CERTIFICATE_REFUSED,
          "agent credentials: the certificate is not signed by the CA " + CertificatePin.of(hubCa),
          e);
    }
    return new AgentCredentials(new KeyEntry(privateKey, List.of(certificate, hubCa)), subject);
  }

  /**
   * Puts the agent's key together with the hub's answer.
   *
   * @param privateKey the agent's key
   * @param encodedChain as {@link AgentCertificate#encodedChain()} made it: the agent's certificate
   *     and the CA's, each in DER and at most 64 KiB
   * @return the credentials; {@link #hubCa()} has not been compared with a pin yet
   * @throws PkiException with {@link PkiException.Code#CERTIFICATE_REFUSED} as in {@link #of}, or
   *     if the chain cannot be parsed
   */
  public static AgentCredentials decode(PrivateKey privateKey, List<byte[]> encodedChain) {
    if (encodedChain.size() != 2) {
      throw refused(encodedChain.size() + " certificates (expected: 2, the agent's and the CA's)");
    }
    for (byte[] encoded : encodedChain) {
      if (encoded.length > PrivateDirectory.MAX_BYTES) {
        throw refused(
            "a certificate of "
                + encoded.length
                + " bytes (expected: at most "
                + PrivateDirectory.MAX_BYTES
                + ")");
      }
    }
    try {
      return of(
          privateKey, Pem.certificate(encodedChain.get(0)), Pem.certificate(encodedChain.get(1)));
    } catch (CertificateException e) {
      throw new PkiException(
          PkiException.Code.CERTIFICATE_REFUSED,
          "agent credentials: a certificate cannot be parsed (expected: X.509 in DER)",
          e);
    }
  }

  KeyEntry entry() {
    return entry;
  }

  /**
   * The private key.
   *
   * @return the agent's key
   */
  public PrivateKey privateKey() {
    return entry.privateKey();
  }

  /**
   * The agent's own certificate.
   *
   * @return the leaf
   */
  public X509Certificate certificate() {
    return entry.leaf();
  }

  /**
   * The chain in the order TLS wants.
   *
   * @return the agent's certificate, then the CA's
   */
  public List<X509Certificate> chain() {
    return entry.chain();
  }

  /**
   * The CA that issued the certificate and that the hub's listeners must be of.
   *
   * @return the hub's CA certificate
   */
  public X509Certificate hubCa() {
    return entry.chain().get(1);
  }

  /**
   * Whom the certificate is made out to.
   *
   * @return cluster, agent and serial number
   */
  public AgentSubject subject() {
    return subject;
  }

  /**
   * When the certificate began to be valid.
   *
   * @return the start of its validity
   */
  public Instant notBefore() {
    return certificate().getNotBefore().toInstant();
  }

  /**
   * When the certificate expires. Nothing is renewed by this object.
   *
   * @return the end of its validity, which may have passed
   */
  public Instant notAfter() {
    return certificate().getNotAfter().toInstant();
  }

  /**
   * What the agent shows; see {@link RotatingCertificate} for one that can be replaced.
   *
   * @return one key manager with this certificate
   */
  public KeyManager[] keyManagers() {
    return new KeyManager[] {RotatingCertificate.of(entry)};
  }

  /**
   * Whom the agent accepts, by the system's clock.
   *
   * @return as {@link #trustManagers(InstantSource)}
   */
  public TrustManager[] trustManagers() {
    return trustManagers(InstantSource.system());
  }

  /**
   * Whom the agent accepts: servers with a certificate of the hub's CA that is in date and made for
   * server authentication. The dialled host is verified too if the connection's endpoint
   * identification algorithm is set ({@code HTTPS}; gRPC sets it).
   *
   * @param clock by which validity periods are judged
   * @return one trust manager that may be shared between threads
   */
  public TrustManager[] trustManagers(InstantSource clock) {
    return new TrustManager[] {
      new AnchoredTrust(hubCa(), requireNonNull(clock, "clock"), AnchoredTrust.Purpose.SERVER)
    };
  }

  /** Names subject and expiry, never the key. */
  @Override
  public String toString() {
    return "AgentCredentials[" + subject + ", notAfter=" + notAfter() + "]";
  }

  private static PkiException refused(String what) {
    return new PkiException(PkiException.Code.CERTIFICATE_REFUSED, "agent credentials: " + what);
  }
}
