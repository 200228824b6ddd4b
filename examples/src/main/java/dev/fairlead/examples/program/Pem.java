package dev.fairlead.examples.program;

import dev.fairlead.core.tls.AuthorityTrust;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;

/** Certificates as text (RFC 7468). */
public final class Pem {

  private static final Base64.Encoder ENCODER =
      Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

  private Pem() {}

  /**
   * Writes a certificate.
   *
   * @param certificate the certificate
   * @return its PEM form
   */
  public static String of(X509Certificate certificate) {
    try {
      return "-----BEGIN CERTIFICATE-----\n"
          + ENCODER.encodeToString(certificate.getEncoded())
          + "\n-----END CERTIFICATE-----\n";
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate in use cannot be encoded", e);
    }
  }

  /**
   * Reads whom to trust.
   *
   * @param file certificates in PEM, at least one
   * @return TLS that trusts who is certified by one of them, and nobody else
   * @throws IOException if the file cannot be read
   * @throws Refusal if it holds anything else
   */
  public static SSLContext trust(Path file) throws IOException {
    return AuthorityTrust.in(certificates(file));
  }

  /**
   * Reads certificates.
   *
   * @param file certificates in PEM, at least one
   * @return the certificates in their order
   * @throws IOException if the file cannot be read
   * @throws Refusal if it holds anything else
   */
  public static List<X509Certificate> certificates(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      List<X509Certificate> found = new ArrayList<>();
      for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        found.add((X509Certificate) one);
      }
      if (!found.isEmpty()) {
        return found;
      }
    } catch (CertificateException e) {
      throw new Refusal(file + ": " + e.getMessage() + " (expected: certificates in PEM)");
    }
    throw new Refusal(file + ": no certificate (expected: at least 1 in PEM)");
  }
}
