package dev.fairlead.e2e;

import dev.fairlead.agent.upstream.ApiServer;
import dev.fairlead.testkit.TestAuthority;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * An API server of HTTP/1.1 that answers each request with the bytes that its path's last segment
 * stands for, and then closes the connection, or not.
 */
final class LyingApiServer implements AutoCloseable {

  /** What an honest answer says. */
  static final String HONEST = "an honest answer";

  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";

  /** The bytes by name; those of names with {@code -end} are followed by the connection's end. */
  private static final Map<String, String> ANSWERS =
      Map.ofEntries(
          Map.entry("honest", OK + "Content-Length: " + HONEST.length() + "\r\n\r\n" + HONEST),
          Map.entry("longer", OK + "Content-Length: 5\r\n\r\nhello" + OK + "X: smuggled\r\n\r\n"),
          Map.entry("half-end", OK + "Content-Length: 500\r\n\r\nhello"),
          Map.entry("halfchunk-end", OK + "Transfer-Encoding: chunked\r\n\r\n500\r\nhello"),
          Map.entry(
              "both-end", OK + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\nhello"),
          Map.entry("twice-end", OK + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!"),
          Map.entry(
              "switch",
              "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n\r\n"),
          Map.entry("endless-end", OK + ("X-Padding: " + "x".repeat(8_000) + "\r\n").repeat(200)),
          Map.entry(
              "redirect",
              "HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n"),
          Map.entry("noise-end", "\u0000\u0001\u0002 what is this\r\n\r\n"),
          Map.entry("nothing-end", ""),
          Map.entry(
              "cookie",
              OK
                  + "Set-Cookie: session=stolen; Path=/\r\nConnection: x-hop\r\nX-Hop: 1\r\n"
                  + "Content-Length: 2\r\n\r\n{}"));

  /** The paths that were asked for. */
  final List<String> asked = new CopyOnWriteArrayList<>();

  private final TestAuthority authority = TestAuthority.create();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Queue<Socket> open = new ConcurrentLinkedQueue<>();
  private final ServerSocket listening;
  private final SSLContext tls;

  LyingApiServer() {
    try {
      tls = SSLContext.getInstance("TLS");
      tls.init(authority.server().keyManagers().toArray(KeyManager[]::new), null, null);
      listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
    threads.execute(this::accept);
  }

  static List<String> names() {
    return ANSWERS.keySet().stream().sorted().toList();
  }

  ApiServer address() {
    return ApiServer.at(
        URI.create("https://localhost:" + port() + "/"), authority.client("fairlead-agent"));
  }

  int port() {
    return listening.getLocalPort();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listening.accept();
        open.add(socket);
        threads.execute(() -> serve(socket));
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private void serve(Socket plain) {
    try (plain) {
      SSLSocket socket =
          (SSLSocket) tls.getSocketFactory().createSocket(plain, null, plain.getPort(), true);
      socket.setUseClientMode(false);
      for (String head; !(head = head(socket.getInputStream())).isEmpty(); ) {
        String path = head.split(" ", 3)[1];
        String name = path.substring(path.lastIndexOf('/') + 1);
        String answer = ANSWERS.get(name);
        if (answer == null) {
          answer = OK + "Content-Length: 24\r\n\r\n{\"gitVersion\":\"v1.33.9\"}";
        } else {
          asked.add(path);
        }
        socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
        if (name.endsWith("-end")) {
          return;
        }
      }
    } catch (IOException e) {
      // The agent closed the connection, or the test did.
    }
  }

  private static String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        return "";
      }
      head.write(next);
    }
    return head.toString(StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() {
    try {
      listening.close();
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      threads.shutdownNow();
    }
  }
}
