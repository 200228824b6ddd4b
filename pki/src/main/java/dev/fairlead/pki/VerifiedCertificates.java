package dev.fairlead.pki;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Certificates whose signature was verified before, which stays as it was; so agents that come back
 * all at once need not have it verified again. Remembered are hashes of whole certificates, of
 * those that were used last. Safe for use by any thread.
 */
final class VerifiedCertificates {

  private final Map<ByteBuffer, Boolean> hashes;

  /** Remembers so many. */
  VerifiedCertificates(int most) {
    hashes =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Boolean> eldest) {
            return size() > most;
          }
        };
  }

  boolean contains(X509Certificate certificate) throws CertificateException {
    ByteBuffer hash = hash(certificate);
    synchronized (hashes) {
      return hashes.get(hash) != null;
    }
  }

  void add(X509Certificate certificate) throws CertificateException {
    ByteBuffer hash = hash(certificate);
    synchronized (hashes) {
      hashes.put(hash, true);
    }
  }

  private static ByteBuffer hash(X509Certificate certificate) throws CertificateException {
    try {
      return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new CertificateException("no SHA-256 of the certificate: " + e.getMessage(), e);
    }
  }
}
