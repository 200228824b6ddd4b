package dev.fairlead.pki;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Strict textual encoding (RFC 7468): labelled sections and blank lines, nothing else between them.
 */
final class Pem {

  static final String PRIVATE_KEY = "PRIVATE KEY";
  static final String CERTIFICATE = "CERTIFICATE";

  private static final Base64.Encoder ENCODER =
      Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

  private Pem() {}

  /** One section; the content may be a key, so there is no telling {@code toString}. */
  record Section(String label, byte[] der) {
    @Override
    public String toString() {
      return "Section[" + label + "]";
    }
  }

  static String encode(String label, byte[] der) {
    return "-----BEGIN "
        + label
        + "-----\n"
        + ENCODER.encodeToString(der)
        + "\n-----END "
        + label
        + "-----\n";
  }

  static String encode(X509Certificate certificate) {
    return encode(CERTIFICATE, der(certificate));
  }

  /** Messages name lines, never their content: it may be a key. */
  static List<Section> parse(String text) throws CertificateException {
    List<Section> sections = new ArrayList<>();
    String[] lines = text.split("\r?\n", -1);
    for (int i = 0; i < lines.length; i++) {
      String line = lines[i].strip();
      if (line.isEmpty()) {
        continue;
      }
      if (!line.startsWith("-----BEGIN ") || !line.endsWith("-----") || line.length() < 17) {
        throw new CertificateException("line " + (i + 1) + " is no -----BEGIN …----- line");
      }
      String label = line.substring(11, line.length() - 5);
      int begin = i + 1;
      StringBuilder base64 = new StringBuilder();
      for (i++; i < lines.length && !lines[i].startsWith("-----"); i++) {
        base64.append(lines[i].strip());
      }
      if (i == lines.length || !lines[i].strip().equals("-----END " + label + "-----")) {
        throw new CertificateException(
            "the section that begins in line " + begin + " has no matching -----END …----- line");
      }
      sections.add(new Section(label, decode(base64.toString(), begin)));
    }
    return sections;
  }

  static X509Certificate certificate(byte[] der) throws CertificateException {
    ByteArrayInputStream in = new ByteArrayInputStream(der);
    X509Certificate certificate =
        (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    if (in.available() > 0) {
      throw new CertificateException("bytes follow the certificate");
    }
    return certificate;
  }

  static byte[] der(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (CertificateEncodingException e) {
      throw PkiException.crypto("encoding a certificate", e);
    }
  }

  private static byte[] decode(String base64, int begin) throws CertificateException {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      // The cause would quote a character of what may be a key.
      throw new CertificateException("the section that begins in line " + begin + " is not base64");
    }
  }
}
