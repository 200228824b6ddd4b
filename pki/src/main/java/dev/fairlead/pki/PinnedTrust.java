package dev.fairlead.pki;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;

/** Trust in the servers of a CA that is known by its pin alone: the server has to show it. */
final class PinnedTrust extends PeerTrust {

  /** JSSE's own limit for chains from a server. */
  private static final int MAX_CHAIN = 10;

  private final CertificatePin pin;
  private final InstantSource clock;

  PinnedTrust(CertificatePin pin, InstantSource clock) {
    this.pin = pin;
    this.clock = clock;
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }

  @Override
  void clients(X509Certificate[] chain, Question question) throws CertificateException {
    throw new CertificateException(
        "client certificate refused: a pin " + pin + " stands for servers only");
  }

  @Override
  void servers(X509Certificate[] chain, Question question) throws CertificateException {
    question.ask(new AnchoredTrust(anchor(chain), clock, AnchoredTrust.Purpose.SERVER));
  }

  private X509Certificate anchor(X509Certificate[] chain) throws CertificateException {
    for (int i = 0; i < Math.min(chain.length, MAX_CHAIN); i++) {
      if (pin.matches(chain[i])) {
        if (chain[i].getBasicConstraints() < 0) {
          throw new CertificateException(
              "server certificate refused: the certificate that matches the pin "
                  + pin
                  + " is no CA (expected: the pin of the hub's CA)");
        }
        return chain[i];
      }
    }
    throw new CertificateException(
        "server certificate refused: found "
            + Shown.fingerprints(chain)
            + ", expected a chain with the CA "
            + pin
            + "; either this is not the hub that was pinned, or its CA is a new one");
  }
}
