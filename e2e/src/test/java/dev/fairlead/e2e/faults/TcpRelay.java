package dev.fairlead.e2e.faults;

import dev.fairlead.api.transport.TlsMaterial;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Passes connections on to a port of this machine, as a network that misbehaves, or as a proxy that
 * has to be asked by CONNECT.
 */
final class TcpRelay implements AutoCloseable {

  private static final int BACKLOG = 200;

  /** What a proxy was asked, one head each. */
  final LinkedBlockingQueue<String> asked = new LinkedBlockingQueue<>();

  private final ServerSocket listener;
  private final int target;
  private final String credentials;
  private final boolean proxy;
  private final @Nullable TlsEnding tls;
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "fault-relay");
            thread.setDaemon(true);
            return thread;
          });
  private volatile boolean swallowing;

  private TcpRelay(int target, boolean proxy, String credentials, @Nullable TlsEnding tls) {
    this.target = target;
    this.proxy = proxy;
    this.credentials = credentials;
    this.tls = tls;
    try {
      listener =
          tls == null
              ? new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress())
              : tls.listen(BACKLOG);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.execute(this::accept);
  }

  static TcpRelay to(int port) {
    return new TcpRelay(port, false, "", null);
  }

  /** A proxy that answers CONNECT; with credentials if they are not empty. */
  static TcpRelay proxyTo(int port, String basicCredentials) {
    return new TcpRelay(port, true, basicCredentials, null);
  }

  /** A load balancer that ends TLS, and connects with TLS of its own. */
  static TcpRelay endingTls(int port, TlsMaterial shown, String protocol) {
    return new TcpRelay(port, false, "", new TlsEnding(shown, protocol));
  }

  int port() {
    return listener.getLocalPort();
  }

  int connections() {
    return connections.size();
  }

  /** From now on connections are accepted, and nothing is heard on them. */
  void swallowNew() {
    swallowing = true;
  }

  void passNew() {
    swallowing = false;
  }

  /** What is connected now gets no byte through any more, and is not told. */
  void goSilent() {
    connections.forEach(connection -> connection.silent = true);
  }

  /** Ends what is connected now. */
  void cut() {
    connections.forEach(Connection::close);
  }

  private void accept() {
    try {
      while (true) {
        Socket near = listener.accept();
        Connection connection = new Connection(near);
        connections.add(connection);
        if (!swallowing) {
          threads.execute(connection::run);
        }
      }
    } catch (IOException | RejectedExecutionException closed) {
      connections.forEach(Connection::close);
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    cut();
    threads.shutdownNow();
  }

  private final class Connection {

    private final Socket near;
    private volatile Socket far;
    private volatile boolean silent;

    Connection(Socket near) {
      this.near = near;
    }

    void run() {
      try {
        near.setTcpNoDelay(true);
        if (proxy && !admitted()) {
          close();
          return;
        }
        far =
            tls == null
                ? new Socket(InetAddress.getLoopbackAddress(), target)
                : tls.connect(target);
        far.setTcpNoDelay(true);
        threads.execute(() -> copy(far, near));
        copy(near, far);
      } catch (IOException | RejectedExecutionException gone) {
        close();
      }
    }

    private boolean admitted() throws IOException {
      StringBuilder head = new StringBuilder();
      InputStream in = near.getInputStream();
      while (head.indexOf("\r\n\r\n") < 0) {
        int next = in.read();
        if (next < 0) {
          return false;
        }
        head.append((char) next);
      }
      asked.add(head.toString());
      boolean admitted =
          head.indexOf("CONNECT ") == 0
              && (credentials.isEmpty()
                  || head.toString()
                      .toLowerCase(java.util.Locale.ROOT)
                      .contains(
                          ("proxy-authorization: basic " + credentials)
                              .toLowerCase(java.util.Locale.ROOT)));
      String answer =
          admitted
              ? "HTTP/1.1 200 Connection established\r\n\r\n"
              : "HTTP/1.1 407 Proxy Authentication Required\r\n"
                  + "Proxy-Authenticate: Basic realm=\"way out\"\r\nContent-Length: 0\r\n\r\n";
      near.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
      return admitted;
    }

    private void copy(Socket from, Socket to) {
      byte[] buffer = new byte[32 << 10];
      try {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        for (int read; (read = in.read(buffer)) >= 0; ) {
          if (!silent) {
            out.write(buffer, 0, read);
          }
        }
        if (!silent) {
          to.shutdownOutput();
        }
      } catch (IOException gone) {
        if (!silent) {
          close();
        }
      }
    }

    void close() {
      connections.remove(this);
      try {
        near.close();
        Socket present = far;
        if (present != null) {
          present.close();
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
