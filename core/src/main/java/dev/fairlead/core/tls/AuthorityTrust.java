package dev.fairlead.core.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** TLS of clients that trust certain authorities, and no others. */
public final class AuthorityTrust {

  private AuthorityTrust() {}

  /**
   * Trusts authorities.
   *
   * @param authorities their certificates, at least one
   * @return TLS that trusts who is certified by one of them, not even those of the JDK beside them
   * @throws IllegalStateException if this JVM has no TLS
   */
  public static SSLContext in(List<X509Certificate> authorities) {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      for (int i = 0; i < authorities.size(); i++) {
        store.setCertificateEntry("authority-" + i, authorities.get(i));
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("certificates in memory can always be trusted", e);
    }
  }
}
