package dev.fairlead.cli;

import dev.fairlead.api.InvalidException;
import dev.fairlead.core.tls.AuthorityTrust;
import dev.fairlead.pki.CertificatePin;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/** By whom a server's certificate is trusted. */
sealed interface Authorities {

  /** A context for connections to such servers. */
  SSLContext context();

  /** The certificates of authorities that a kubeconfig has to name, in PEM, if any. */
  Optional<String> pem(List<X509Certificate> chain);

  /** The system's. */
  record OfSystem() implements Authorities {
    @Override
    public SSLContext context() {
      return Authorities.context(null);
    }

    @Override
    public Optional<String> pem(List<X509Certificate> chain) {
      return Optional.empty();
    }
  }

  /** These and no others. */
  record These(String text, List<X509Certificate> certificates) implements Authorities {
    @Override
    public SSLContext context() {
      return AuthorityTrust.in(certificates);
    }

    @Override
    public Optional<String> pem(List<X509Certificate> chain) {
      return Optional.of(text);
    }
  }

  /** The one with a pin, which the server has to show. */
  record Pinned(CertificatePin pin) implements Authorities {
    @Override
    public SSLContext context() {
      return Authorities.context(new TrustManager[] {pin.trustManager()});
    }

    @Override
    public Optional<String> pem(List<X509Certificate> chain) {
      return chain.stream().filter(pin::matches).findFirst().map(Authorities::write);
    }
  }

  /** Reads a file of certificates. */
  static Authorities file(Path file) {
    String text;
    try {
      text = Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new Refusal(file + ": cannot be read (expected: certificates in PEM)", e);
    }
    return text(text, file.toString());
  }

  /** Reads certificates in PEM. What is between them, such as comments, is left out. */
  static Authorities text(String pem, String source) {
    List<X509Certificate> found = new ArrayList<>();
    try {
      for (Certificate one :
          CertificateFactory.getInstance("X.509")
              .generateCertificates(
                  new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8)))) {
        found.add((X509Certificate) one);
      }
    } catch (CertificateException e) {
      throw new Refusal(source + ": " + e.getMessage() + " (expected: certificates in PEM)", e);
    }
    if (found.isEmpty()) {
      throw new Refusal(source + ": no certificate (expected: at least 1 in PEM)");
    }
    return new These(
        found.stream().map(Authorities::write).collect(Collectors.joining()), List.copyOf(found));
  }

  /** Those of a session. */
  static Authorities of(@Nullable String pem) {
    return pem == null ? new OfSystem() : text(pem, "the stored CA");
  }

  /** Reads a pin, {@code sha256:} and 64 hex digits, or the digits alone. */
  static Authorities pin(String text) {
    try {
      return new Pinned(
          text.startsWith("sha256:") ? CertificatePin.parse(text) : new CertificatePin(text));
    } catch (InvalidException e) {
      throw new Refusal("--ca-sha256: " + e.getMessage(), e);
    }
  }

  private static String write(X509Certificate certificate) {
    try {
      return "-----BEGIN CERTIFICATE-----\n"
          + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
              .encodeToString(certificate.getEncoded())
          + "\n-----END CERTIFICATE-----\n";
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate in use cannot be encoded", e);
    }
  }

  private static SSLContext context(TrustManager @Nullable [] trust) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new Refusal("TLS: this JVM cannot do it: " + e.getMessage(), e);
    }
  }
}
