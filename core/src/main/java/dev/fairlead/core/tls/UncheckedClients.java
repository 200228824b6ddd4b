package dev.fairlead.core.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Lets a handshake prove that a client has the key of the certificate it shows, whoever issued it;
 * who accepts the certificate is asked later. For the server's side only.
 */
final class UncheckedClients extends X509ExtendedTrustManager {

  private final X509Certificate[] issuers;

  UncheckedClients(X509Certificate[] issuers) {
    this.issuers = issuers.clone();
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return issuers.clone();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {
    // AgentTls.peer checks.
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
    // AgentTls.peer checks.
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType) {
    // AgentTls.peer checks.
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    throw refused();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    throw refused();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw refused();
  }

  private static CertificateException refused() {
    return new CertificateException("server certificate refused: this side is a server");
  }
}
