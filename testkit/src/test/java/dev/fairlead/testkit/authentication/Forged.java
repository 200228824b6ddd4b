package dev.fairlead.testkit.authentication;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;

/** Certificates that were changed after they had been signed. */
final class Forged {

  private Forged() {}

  /** The same certificate with another signature over the same names. */
  static X509Certificate of(X509Certificate real) {
    try {
      byte[] encoded = real.getEncoded();
      encoded[encoded.length - 1] ^= 1;
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(encoded));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
