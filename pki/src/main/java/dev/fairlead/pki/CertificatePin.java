package dev.fairlead.pki;

import static java.util.Objects.requireNonNull;

import dev.fairlead.api.InvalidException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.regex.Pattern;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Names one CA certificate by the SHA-256 of its DER form, so that somebody who has never met the
 * hub can recognise it. Written {@code sha256:<64 hex digits>}.
 *
 * @param sha256 the digest as 64 lower-case hex digits
 */
public record CertificatePin(String sha256) {

  private static final String PREFIX = "sha256:";
  private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

  /**
   * Checks the digest's form.
   *
   * @throws InvalidException if it is not 64 lower-case hex digits
   */
  public CertificatePin {
    requireNonNull(sha256, "sha256");
    if (!HEX.matcher(sha256).matches()) {
      throw new InvalidException(
          "pin digest: " + Shown.text(sha256) + " (expected: 64 lower-case hex digits)");
    }
  }

  /**
   * Reads the textual form.
   *
   * @param text {@code sha256:} and 64 lower-case hex digits, nothing around them
   * @return the pin
   * @throws InvalidException if the text is anything else
   */
  public static CertificatePin parse(String text) {
    requireNonNull(text, "text");
    if (!text.startsWith(PREFIX) || !HEX.matcher(text.substring(PREFIX.length())).matches()) {
      throw new InvalidException(
          "pin: " + Shown.text(text) + " (expected: sha256:<64 lower-case hex digits>)");
    }
    return new CertificatePin(text.substring(PREFIX.length()));
  }

  /**
   * The pin of a certificate.
   *
   * @param certificate the certificate
   * @return its pin
   */
  public static CertificatePin of(X509Certificate certificate) {
    requireNonNull(certificate, "certificate");
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(Pem.der(certificate));
      return new CertificatePin(HexFormat.of().formatHex(digest));
    } catch (NoSuchAlgorithmException e) {
      throw PkiException.crypto("SHA-256", e);
    }
  }

  /**
   * Tells in constant time whether this is the pin of a certificate.
   *
   * @param certificate the certificate
   * @return true if its SHA-256 is this pin
   */
  public boolean matches(X509Certificate certificate) {
    return MessageDigest.isEqual(
        of(certificate).sha256.getBytes(StandardCharsets.US_ASCII),
        sha256.getBytes(StandardCharsets.US_ASCII));
  }

  /**
   * Trust in servers of the pinned CA by the system's clock.
   *
   * @return as {@link #trustManager(InstantSource)}
   */
  public X509ExtendedTrustManager trustManager() {
    return trustManager(InstantSource.system());
  }

  /**
   * Trust in servers of the pinned CA: the chain a server shows must contain a CA certificate that
   * matches this pin, and must validate up to it (RFC 5280) for server authentication. The
   * overloads that know the TLS connection also verify the dialled host if the connection's
   * endpoint identification algorithm is set ({@code HTTPS}; gRPC and {@code HttpsURLConnection}
   * set it, a bare {@code SSLEngine} does not). Client chains are refused. Every refusal is a
   * {@code CertificateException} that says what was expected.
   *
   * @param clock by which validity periods are judged
   * @return a trust manager that may be shared between threads
   */
  public X509ExtendedTrustManager trustManager(InstantSource clock) {
    return new PinnedTrust(this, requireNonNull(clock, "clock"));
  }

  /** The textual form, {@code sha256:<64 hex digits>}. */
  @Override
  public String toString() {
    return PREFIX + sha256;
  }
}
