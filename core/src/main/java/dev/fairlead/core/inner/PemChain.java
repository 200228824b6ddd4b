package dev.fairlead.core.inner;

import dev.fairlead.api.TransportException;
import dev.fairlead.api.transport.Enrolment;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** A chain of certificates in PEM, the agent's own first. */
final class PemChain {

  private static final int LINE = 64;

  private PemChain() {}

  static byte[] encode(Enrolment enrolment) {
    Base64.Encoder base64 = Base64.getMimeEncoder(LINE, "\n".getBytes(StandardCharsets.US_ASCII));
    StringBuilder pem = new StringBuilder();
    for (X509Certificate certificate : enrolment.chain()) {
      try {
        pem.append("-----BEGIN CERTIFICATE-----\n")
            .append(base64.encodeToString(certificate.getEncoded()))
            .append("\n-----END CERTIFICATE-----\n");
      } catch (CertificateEncodingException broken) {
        throw new IllegalStateException("the hub issued a certificate without encoding", broken);
      }
    }
    return pem.toString().getBytes(StandardCharsets.US_ASCII);
  }

  static Enrolment decode(byte[] pem) {
    List<X509Certificate> chain = new ArrayList<>();
    try {
      for (Certificate one :
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(pem))) {
        chain.add((X509Certificate) one);
      }
      return new Enrolment(chain);
    } catch (CertificateException | IllegalArgumentException broken) {
      throw new TransportException(
          "the hub answered with no usable certificate: " + broken.getMessage(), broken);
    }
  }
}
