package dev.fairlead.agent.upstream;

import dev.fairlead.api.InvalidException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Trust in an API server by the authorities that may have issued its certificate. */
final class Authorities {

  private Authorities() {}

  /** Trusts these authorities and no others, not even those of the JDK. */
  static TrustManager trusting(byte[] certificates, String source) {
    try {
      Collection<? extends Certificate> parsed =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(certificates));
      if (parsed.isEmpty()) {
        throw new InvalidException(source + ": no certificate (expected: 1 or more, in PEM)");
      }
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int number = 0;
      for (Certificate certificate : parsed) {
        store.setCertificateEntry("ca-" + number++, certificate);
      }
      return trustManager(store);
    } catch (GeneralSecurityException | IOException e) {
      throw new InvalidException(source + ": not readable (expected: certificates in PEM)", e);
    }
  }

  /** Trusts what the JDK trusts. */
  static TrustManager ofTheSystem() {
    try {
      return trustManager(null);
    } catch (GeneralSecurityException e) {
      throw new InvalidException("the JDK's own certificates cannot be read", e);
    }
  }

  private static TrustManager trustManager(@Nullable KeyStore store)
      throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers()[0];
  }
}
