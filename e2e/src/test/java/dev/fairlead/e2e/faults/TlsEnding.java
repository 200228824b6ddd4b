package dev.fairlead.e2e.faults;

import dev.fairlead.api.transport.TlsMaterial;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** Ends TLS on one side and begins it on the other, whoever is there. */
final class TlsEnding {

  private final SSLContext near;
  private final SSLContext far;
  private final String protocol;

  TlsEnding(TlsMaterial shown, String protocol) {
    this.protocol = protocol;
    try {
      near = SSLContext.getInstance("TLS");
      near.init(shown.keyManagers().toArray(KeyManager[]::new), null, null);
      far = SSLContext.getInstance("TLS");
      far.init(null, new TrustManager[] {new TrustsAll()}, null);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  ServerSocket listen(int backlog) throws IOException {
    SSLServerSocket socket =
        (SSLServerSocket)
            near.getServerSocketFactory()
                .createServerSocket(0, backlog, InetAddress.getLoopbackAddress());
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {protocol});
    socket.setSSLParameters(parameters);
    return socket;
  }

  Socket connect(int port) throws IOException {
    SSLSocket socket =
        (SSLSocket) far.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {protocol});
    socket.setSSLParameters(parameters);
    return socket;
  }

  private static final class TrustsAll implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {
      // A load balancer in the same network often does not look.
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
