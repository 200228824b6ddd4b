package dev.fairlead.testkit.raw;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * Sends text as the bytes of HTTP/1.1, over TLS to this machine, and reads what comes back. Every
 * method blocks, reading for at most 20 s at a time. For one thread.
 */
public final class RawClient implements AutoCloseable {

  static final int PATIENCE_MILLIS = 20_000;

  private final SSLSocket socket;
  private final InputStream in;

  private RawClient(SSLSocket socket) throws IOException {
    this.socket = socket;
    this.in = socket.getInputStream();
  }

  /**
   * TLS that trusts one authority.
   *
   * @param authority its certificate
   * @return a new context
   * @throws GeneralSecurityException if this JVM has no TLS
   * @throws IOException if this JVM has no key stores
   */
  public static SSLContext trusting(X509Certificate authority)
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

  /**
   * Connects.
   *
   * @param authority whom to trust
   * @param port a port of 127.0.0.1
   * @return a client
   * @throws GeneralSecurityException if this JVM has no TLS
   * @throws IOException if nothing takes the connection
   */
  public static RawClient connect(X509Certificate authority, int port)
      throws GeneralSecurityException, IOException {
    return connect(authority, new InetSocketAddress("127.0.0.1", port));
  }

  /**
   * Connects.
   *
   * @param authority whom to trust, whatever name is on the certificate
   * @param address an address of this machine
   * @return a client
   * @throws GeneralSecurityException if this JVM has no TLS
   * @throws IOException if nothing takes the connection
   */
  public static RawClient connect(X509Certificate authority, InetSocketAddress address)
      throws GeneralSecurityException, IOException {
    SSLSocket socket =
        (SSLSocket)
            trusting(authority)
                .getSocketFactory()
                .createSocket(address.getAddress(), address.getPort());
    socket.setSoTimeout(PATIENCE_MILLIS);
    return new RawClient(socket);
  }

  /**
   * Sends bytes.
   *
   * @param text one character for each byte
   * @return this
   * @throws IOException if the other side closed the connection
   */
  public RawClient send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
    return this;
  }

  /**
   * Reads up to and with the empty line that ends a head.
   *
   * @return the head; with {@code <EOF>} behind it if the connection ended before
   * @throws IOException if the connection broke
   */
  public String head() throws IOException {
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

  /**
   * Reads a response whose length is given, or the head of any other.
   *
   * @return head and body
   * @throws IOException if the connection broke
   */
  public String response() throws IOException {
    String head = head();
    int at = head.toLowerCase(Locale.ROOT).indexOf("content-length: ");
    if (at < 0) {
      return head;
    }
    int length = Integer.parseInt(head.substring(at + 16, head.indexOf('\r', at + 16)).strip());
    return head + new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }

  /**
   * Reads some bytes.
   *
   * @param bytes how many
   * @return one character for each byte, fewer if the connection ended
   * @throws IOException if the connection broke
   */
  public String read(int bytes) throws IOException {
    return new String(in.readNBytes(bytes), StandardCharsets.ISO_8859_1);
  }

  /**
   * Reads until the connection is closed, however rudely.
   *
   * @return what came, with the exception's name in angle brackets behind it if it broke
   */
  public String rest() {
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

  /**
   * Whether the other side closes it, or has; what comes before that is skipped.
   *
   * @param millis how long reading waits
   * @return true if it is closed
   * @throws IOException if it is closed here
   */
  public boolean isClosedWithin(int millis) throws IOException {
    socket.setSoTimeout(millis);
    return isClosed(socket);
  }

  /**
   * Whether the end comes before reading has to wait too long; what comes before it is skipped.
   *
   * @param socket a connection whose reading has a time-out
   * @return true if it is closed
   */
  public static boolean isClosed(Socket socket) {
    try {
      InputStream in = socket.getInputStream();
      int next;
      do {
        next = in.read();
      } while (next >= 0);
      return true;
    } catch (SocketTimeoutException e) {
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
