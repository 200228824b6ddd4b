package dev.fairlead.gateway;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** Sends bytes as they are, over TLS, and reads what comes back. */
final class RawClient implements AutoCloseable {

  private final SSLSocket socket;
  private final InputStream in;

  private RawClient(SSLSocket socket) throws IOException {
    this.socket = socket;
    this.in = socket.getInputStream();
  }

  static SSLContext trusting(X509Certificate authority)
      throws GeneralSecurityException, IOException {
    KeyStore anchors = KeyStore.getInstance(KeyStore.getDefaultType());
    anchors.load(null, null);
    anchors.setCertificateEntry("hub", authority);
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(anchors);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  static RawClient connect(GatewayFixture to) throws GeneralSecurityException, IOException {
    return connect(to.hub.caCertificate(), to.gateway.port());
  }

  static RawClient connect(X509Certificate authority, int port)
      throws GeneralSecurityException, IOException {
    SSLSocket socket =
        (SSLSocket) trusting(authority).getSocketFactory().createSocket("127.0.0.1", port);
    socket.setSoTimeout(10_000);
    return new RawClient(socket);
  }

  RawClient send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
    return this;
  }

  /** Reads up to and with the empty line that ends a head. */
  String head() throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        return head + "<EOF>";
      }
      head.append((char) next);
    }
    return head.toString();
  }

  /** Reads a whole response whose length is given. */
  String response() throws IOException {
    String head = head();
    int at = head.toLowerCase(Locale.ROOT).indexOf("content-length: ");
    if (at < 0) {
      return head;
    }
    int length = Integer.parseInt(head.substring(at + 16, head.indexOf('\r', at + 16)).strip());
    return head + new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }

  String read(int bytes) throws IOException {
    return new String(in.readNBytes(bytes), StandardCharsets.ISO_8859_1);
  }

  /** Reads until the connection is closed, however rudely. */
  String rest() {
    ByteArrayOutputStream rest = new ByteArrayOutputStream();
    try {
      for (int next; (next = in.read()) >= 0; ) {
        rest.write(next);
      }
    } catch (IOException e) {
      return rest.toString(StandardCharsets.ISO_8859_1) + "<" + e.getClass().getSimpleName() + ">";
    }
    return rest.toString(StandardCharsets.ISO_8859_1);
  }

  /** Whether the other side closes it, or has, while reading waits for so long. */
  boolean isClosedWithin(int millis) throws IOException {
    socket.setSoTimeout(millis);
    return isClosed(socket);
  }

  /** Whether the end comes before reading has to wait too long; what comes before it is skipped. */
  static boolean isClosed(java.net.Socket socket) {
    try {
      while (socket.getInputStream().read() >= 0) {
        // An alert, perhaps.
      }
      return true;
    } catch (java.net.SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
