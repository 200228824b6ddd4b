package dev.fairlead.auth.oidc;

import java.io.IOException;
import java.net.http.HttpClient;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** TLS that trusts certain authorities only. Its own, as this module stands on the API alone. */
final class Trust {

  private Trust() {}

  /** Makes a client trust authorities; with none, those of the JDK. */
  static HttpClient.Builder in(List<X509Certificate> authorities, HttpClient.Builder client) {
    if (authorities.isEmpty()) {
      return client;
    }
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
      return client.sslContext(context);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("certificates in memory can always be trusted", e);
    }
  }
}
