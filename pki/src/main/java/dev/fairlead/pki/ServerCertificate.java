package dev.fairlead.pki;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.TrustManager;

/**
 * A key and a certificate for one of the hub's own TLS listeners. Lives in memory only: a hub
 * issues itself a new one when it starts and whenever the old one nears its end; see {@link
 * RotatingCertificate}.
 */
public final class ServerCertificate {

  private final KeyEntry entry;
  private final InstantSource clock;

  ServerCertificate(KeyEntry entry, InstantSource clock) {
    this.entry = entry;
    this.clock = clock;
  }

  KeyEntry entry() {
    return entry;
  }

  /**
   * The private key.
   *
   * @return a P-256 key
   */
  public PrivateKey privateKey() {
    return entry.privateKey();
  }

  /**
   * The chain in the order TLS wants.
   *
   * @return the server's certificate, then the CA's, which a client that knows only the pin needs
   */
  public List<X509Certificate> chain() {
    return entry.chain();
  }

  /**
   * When it expires.
   *
   * @return the end of its validity
   */
  public Instant notAfter() {
    return entry.leaf().getNotAfter().toInstant();
  }

  /**
   * What a listener shows.
   *
   * @return one key manager with this certificate
   */
  public KeyManager[] keyManagers() {
    return new KeyManager[] {RotatingCertificate.of(entry)};
  }

  /**
   * Whom a listener accepts.
   *
   * @return as {@link CertificateAuthority#trustManagers()} of the issuer
   */
  public TrustManager[] trustManagers() {
    return new TrustManager[] {
      new AnchoredTrust(entry.chain().get(1), clock, AnchoredTrust.Purpose.CLIENT)
    };
  }

  /** Names the expiry, never the key. */
  @Override
  public String toString() {
    return "ServerCertificate[notAfter=" + notAfter() + "]";
  }
}
