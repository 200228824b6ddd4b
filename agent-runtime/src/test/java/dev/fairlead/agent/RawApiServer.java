package dev.fairlead.agent;

import dev.fairlead.agent.upstream.ApiServer;
import dev.fairlead.testkit.TestAuthority;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * An API server that speaks HTTP/1.1 only, byte by byte as a test says; {@code GET /version} it
 * answers by itself.
 */
final class RawApiServer implements AutoCloseable {

  /** What to do with a request. */
  interface Script {
    void serve(String head, Connection connection) throws Exception;
  }

  /** One connection, after a request's head. */
  record Connection(SSLSocket socket, InputStream in, OutputStream out) {

    void send(String text) throws IOException {
      out.write(text.getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
    }

    String receive(int bytes) throws IOException {
      return new String(in.readNBytes(bytes), StandardCharsets.ISO_8859_1);
    }

    /** Closes without TLS's word of farewell, as a process that is killed does. */
    void cut() throws IOException {
      raw().close();
    }

    private Socket raw() {
      return sockets.get(socket);
    }

    private static final java.util.Map<SSLSocket, Socket> sockets =
        java.util.Collections.synchronizedMap(new java.util.WeakHashMap<>());
  }

  final AtomicInteger accepted = new AtomicInteger();
  final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private final TestAuthority authority = TestAuthority.create();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final java.net.ServerSocket listening;
  private final SSLContext tls;
  private final Queue<Socket> open = new ConcurrentLinkedQueue<>();
  private final Script script;

  RawApiServer(Script script) throws Exception {
    this.script = script;
    tls = SSLContext.getInstance("TLS");
    tls.init(authority.server().keyManagers().toArray(KeyManager[]::new), null, null);
    listening = new java.net.ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    threads.execute(this::accept);
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listening.accept();
        open.add(socket);
        accepted.incrementAndGet();
        threads.execute(() -> serve(socket));
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private void serve(Socket plain) {
    try {
      SSLSocket socket =
          (SSLSocket) tls.getSocketFactory().createSocket(plain, null, plain.getPort(), true);
      socket.setUseClientMode(false);
      Connection.sockets.put(socket, plain);
      Connection connection =
          new Connection(socket, socket.getInputStream(), socket.getOutputStream());
      for (String head; (head = head(connection.in())) != null; ) {
        if (head.contains("/version HTTP/1.1")) {
          connection.send(
              "HTTP/1.1 200 OK\r\nContent-Length: 24\r\n\r\n{\"gitVersion\":\"v1.33.9\"}");
        } else {
          script.serve(head, connection);
        }
      }
    } catch (IOException e) {
      // The agent, or the test, closed the connection.
    } catch (Throwable e) {
      failures.add(e);
    }
  }

  private static String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        return null;
      }
      head.write(next);
    }
    return head.toString(StandardCharsets.ISO_8859_1);
  }

  ApiServer address() {
    return ApiServer.at(
        URI.create("https://localhost:" + listening.getLocalPort() + "/k8s/clusters/c-1/"),
        authority.client("fairlead-agent"));
  }

  @Override
  public void close() throws IOException {
    listening.close();
    for (Socket socket : open) {
      socket.close();
    }
    threads.shutdownNow();
  }
}
