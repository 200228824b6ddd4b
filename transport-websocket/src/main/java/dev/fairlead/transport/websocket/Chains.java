package dev.fairlead.transport.websocket;

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

/** Certificate chains in PEM (RFC 8555, 9.1). */
final class Chains {

  private static final Base64.Encoder BASE64 =
      Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

  private Chains() {}

  static byte[] encode(Enrolment enrolment) {
    StringBuilder pem = new StringBuilder();
    for (X509Certificate certificate : enrolment.chain()) {
      try {
        pem.append("-----BEGIN CERTIFICATE-----\n")
            .append(BASE64.encodeToString(certificate.getEncoded()))
            .append("\n-----END CERTIFICATE-----\n");
      } catch (CertificateEncodingException broken) {
        throw new IllegalStateException("the hub issued a certificate without encoding", broken);
      }
    }
    return pem.toString().getBytes(StandardCharsets.US_ASCII);
  }

  static Enrolment decode(String hub, byte[] pem) {
    List<X509Certificate> chain = new ArrayList<>();
    try {
      for (Certificate certificate :
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(pem))) {
        chain.add((X509Certificate) certificate);
      }
      return new Enrolment(chain);
    } catch (CertificateException | IllegalArgumentException broken) {
      throw new TransportException(
          hub + ": the hub answered with no usable certificate: " + broken.getMessage(), broken);
    }
  }
}
