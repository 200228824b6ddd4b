package dev.fairlead.core.inner;

import dev.fairlead.api.InvalidException;
import dev.fairlead.api.transport.TlsMaterial;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** A load balancer that ends agents' TLS: by whom its own certificate has to be issued. */
public final class LoadBalancer {

  private final TlsMaterial tls;

  private LoadBalancer(TlsMaterial tls) {
    this.tls = tls;
  }

  /**
   * One with a certificate that this JVM trusts anyway.
   *
   * @return the load balancer
   */
  public static LoadBalancer trustedByThisJvm() {
    return new LoadBalancer(trust(null));
  }

  /**
   * One with a certificate of an authority of yours.
   *
   * @param authority the authority's certificate, or the load balancer's own
   * @return the load balancer
   */
  public static LoadBalancer certifiedBy(X509Certificate authority) {
    try {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      store.setCertificateEntry("load-balancer", authority);
      return new LoadBalancer(trust(store));
    } catch (GeneralSecurityException | IOException e) {
      throw new InvalidException("load balancer: its authority cannot be used: " + e, e);
    }
  }

  private static TlsMaterial trust(@Nullable KeyStore store) {
    try {
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      return new TlsMaterial(List.of(), List.<TrustManager>of(factory.getTrustManagers()));
    } catch (GeneralSecurityException e) {
      throw new InvalidException("load balancer: this JVM has no trust store: " + e, e);
    }
  }

  /** For the outer TLS: whom to trust, and no key. */
  TlsMaterial tls() {
    return tls;
  }
}
