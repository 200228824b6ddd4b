package dev.fairlead.agent;

import dev.fairlead.api.transport.TlsMaterial;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.X509TrustManager;

/** For an agent in its hub's own process: the transport says who it is. */
final class NoCredentials implements HubCredentials {

  private final TlsMaterial none = new TlsMaterial(List.of(), List.of(new NoTrust()));

  @Override
  public void obtain() {
    // There is nothing to get.
  }

  @Override
  public void keepFresh(Runnable renewed) {
    // Nothing ever expires.
  }

  @Override
  public TlsMaterial current() {
    return none;
  }

  @Override
  public int generation() {
    return 0;
  }

  @Override
  public void stop() {
    // Nothing was begun.
  }

  /** Should such a transport leave the process after all, nobody there is trusted. */
  private static final class NoTrust implements X509TrustManager {

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType)
        throws CertificateException {
      throw nobody();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType)
        throws CertificateException {
      throw nobody();
    }

    private static CertificateException nobody() {
      return new CertificateException(
          "an agent without credentials trusts nobody (expected: a transport in the process)");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
