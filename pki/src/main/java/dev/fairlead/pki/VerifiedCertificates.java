package dev.fairlead.pki;

import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Certificates whose signature was verified before, which stays as it was; so agents that come back
 * all at once need not have it verified again. Remembered are the hashes of those that were used
 * last. Safe for use by any thread.
 */
final class VerifiedCertificates {

  private final Map<CertificatePin, Boolean> pins;

  /** Remembers so many. */
  VerifiedCertificates(int most) {
    pins =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<CertificatePin, Boolean> eldest) {
            return size() > most;
          }
        };
  }

  boolean contains(X509Certificate certificate) {
    CertificatePin pin = CertificatePin.of(certificate);
    synchronized (pins) {
      return pins.get(pin) != null;
    }
  }

  void add(X509Certificate certificate) {
    CertificatePin pin = CertificatePin.of(certificate);
    synchronized (pins) {
      pins.put(pin, true);
    }
  }
}
