package dev.fairlead.pki;

import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Set;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Trust in the peers of one CA, for one purpose. The JDK's own PKIX trust manager validates the
 * path and the host name; what it leaves optional is demanded here: the extended key usage, an
 * anchor in date, and a leaf that is no CA. A client's signature is verified once.
 */
final class AnchoredTrust extends PeerTrust {

  /** What the peer's certificate must be good for. */
  enum Purpose {
    SERVER("server", "1.3.6.1.5.5.7.3.1"),
    CLIENT("client", "1.3.6.1.5.5.7.3.2");

    private final String word;
    private final String oid;

    Purpose(String word, String oid) {
      this.word = word;
      this.oid = oid;
    }
  }

  /** More than a hub has agents; 100 bytes each. */
  private static final int MOST_VERIFIED = 16_384;

  private final X509Certificate anchor;
  private final InstantSource clock;
  private final Purpose purpose;
  private final VerifiedCertificates verified = new VerifiedCertificates(MOST_VERIFIED);

  AnchoredTrust(X509Certificate anchor, InstantSource clock, Purpose purpose) {
    this.anchor = anchor;
    this.clock = clock;
    this.purpose = purpose;
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[] {anchor};
  }

  @Override
  void clients(X509Certificate[] chain, Question question) throws CertificateException {
    check(Purpose.CLIENT, chain, question);
  }

  @Override
  void servers(X509Certificate[] chain, Question question) throws CertificateException {
    check(Purpose.SERVER, chain, question);
  }

  private void check(Purpose asked, X509Certificate[] chain, Question question)
      throws CertificateException {
    if (asked != purpose) {
      throw refused(asked, chain, "this side accepts " + purpose.word + " certificates only", null);
    }
    X509Certificate leaf = chain[0];
    if (leaf.getBasicConstraints() >= 0) {
      throw refused(asked, chain, "the peer's own certificate is a CA", null);
    }
    List<String> usages = leaf.getExtendedKeyUsage();
    if (usages == null || !usages.contains(purpose.oid)) {
      throw refused(asked, chain, "not issued for " + purpose.word + " authentication", null);
    }
    Instant now = clock.instant();
    try {
      // The JDK takes an anchor at its word, dates included.
      anchor.checkValidity(Date.from(now));
      // What servers are asked besides, their name, is another question each time.
      if (purpose == Purpose.CLIENT && verified.contains(leaf)) {
        leaf.checkValidity(Date.from(now));
        return;
      }
      question.ask(delegate(now));
      if (purpose == Purpose.CLIENT) {
        verified.add(leaf);
      }
    } catch (CertificateException e) {
      throw refused(asked, chain, String.valueOf(e.getMessage()), e);
    }
  }

  /** Made anew for each handshake, because its date is fixed once made. */
  private X509ExtendedTrustManager delegate(Instant now) throws CertificateException {
    try {
      PKIXBuilderParameters parameters =
          new PKIXBuilderParameters(Set.of(new TrustAnchor(anchor, null)), new X509CertSelector());
      // Certificates are short-lived, and the hub itself knows which serial numbers it revoked.
      parameters.setRevocationEnabled(false);
      parameters.setDate(Date.from(now));
      TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(new CertPathTrustManagerParameters(parameters));
      for (TrustManager candidate : factory.getTrustManagers()) {
        if (candidate instanceof X509ExtendedTrustManager extended) {
          return extended;
        }
      }
    } catch (GeneralSecurityException e) {
      throw new CertificateException("no PKIX validation: " + e.getMessage(), e);
    }
    throw new CertificateException("the PKIX TrustManagerFactory makes no X.509 trust manager");
  }

  private CertificateException refused(
      Purpose asked, X509Certificate[] chain, String why, @Nullable Throwable cause) {
    return new CertificateException(
        asked.word
            + " certificate refused: "
            + why
            + "; found "
            + Shown.fingerprints(chain)
            + ", expected a valid chain of the CA "
            + CertificatePin.of(anchor),
        cause);
  }
}
