package dev.fairlead.pki;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/** The six questions JSSE asks, as one: does this delegate accept the chain? */
abstract class PeerTrust extends X509ExtendedTrustManager {

  /** Asks a delegate the question that was asked of this trust manager, connection and all. */
  @FunctionalInterface
  interface Question {
    void ask(X509ExtendedTrustManager delegate) throws CertificateException;
  }

  abstract void clients(X509Certificate[] chain, Question question) throws CertificateException;

  abstract void servers(X509Certificate[] chain, Question question) throws CertificateException;

  private static X509Certificate[] present(X509Certificate[] chain) {
    if (chain == null || chain.length == 0) {
      throw new IllegalArgumentException("no certificate chain");
    }
    return chain;
  }

  @Override
  public final void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    clients(present(chain), delegate -> delegate.checkClientTrusted(chain, authType, socket));
  }

  @Override
  public final void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    clients(present(chain), delegate -> delegate.checkClientTrusted(chain, authType, engine));
  }

  @Override
  public final void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    clients(present(chain), delegate -> delegate.checkClientTrusted(chain, authType));
  }

  @Override
  public final void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    servers(present(chain), delegate -> delegate.checkServerTrusted(chain, authType, socket));
  }

  @Override
  public final void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    servers(present(chain), delegate -> delegate.checkServerTrusted(chain, authType, engine));
  }

  @Override
  public final void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    servers(present(chain), delegate -> delegate.checkServerTrusted(chain, authType));
  }
}
