package dev.fairlead.benchmarks.lab;

import dev.fairlead.api.transport.TlsMaterial;
import dev.fairlead.testkit.TestAuthority;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.X509KeyManager;

/**
 * The upstream: nginx, with TLS and HTTP/2, which serves a small object and a large log from
 * memory, keeps what is put, and hands watches on to {@link WatchSource}.
 */
public final class Nginx implements AutoCloseable {

  /** How large the small object is, in bytes. */
  public static final int SMALL = 1024;

  /** The small object's path. */
  public static final String SMALL_PATH = "/api/v1/namespaces/bench/configmaps/small";

  /** The large log's path; a log, as those may take their time. */
  public static final String LARGE_PATH = "/api/v1/namespaces/bench/pods/large/log";

  /** Below this path everything can be put; what is behind a proxy may be of any size. */
  public static final String PUT_PATH = "/api/v1/namespaces/bench/services/store/proxy/put-";

  /** The watch's path. */
  public static final String WATCH_PATH = "/api/v1/namespaces/bench/configmaps?watch=true";

  private static final int START_SECONDS = 10;
  private static final String CONFIG =
      """
      daemon off;
      worker_processes 2;
      worker_rlimit_nofile 65536;
      pid @dir@/nginx.pid;
      error_log @dir@/nginx.log warn;
      events { worker_connections 16384; }
      http {
        access_log off;
        tcp_nodelay on;
        default_type application/json;
        keepalive_timeout 1h;
        keepalive_requests 1000000000;
        http2_max_concurrent_streams 2000;
        open_file_cache max=16 inactive=1h;
        open_file_cache_valid 1h;
        client_max_body_size 0;
        client_body_buffer_size 256k;
        client_body_temp_path @dir@/nginx-body;
        proxy_temp_path @dir@/nginx-proxy;
        fastcgi_temp_path @dir@/nginx-fastcgi;
        uwsgi_temp_path @dir@/nginx-uwsgi;
        scgi_temp_path @dir@/nginx-scgi;
        server {
          listen 127.0.0.1:@port@ ssl http2 reuseport backlog=4096;
          ssl_certificate @dir@/server.pem;
          ssl_certificate_key @dir@/server.key;
          ssl_protocols TLSv1.3;
          location = /version { return 200 '{"major":"1","minor":"33","gitVersion":"v1.33.0"}'; }
          location = @small@ { alias @dir@/small; }
          location = @large@ { alias @dir@/large; }
          location @put@ { root @dir@/put; dav_methods PUT; create_full_put_path on; }
          location = @watch@ {
            proxy_pass http://127.0.0.1:@source@;
            proxy_http_version 1.1;
            proxy_buffering off;
            proxy_read_timeout 1h;
          }
        }
      }
      """;

  private final Process process;
  private final int port;
  private final Path directory;

  private Nginx(Process process, int port, Path directory) {
    this.process = process;
    this.port = port;
    this.directory = directory;
  }

  /**
   * Starts it.
   *
   * @param directory of its own, best in memory
   * @param largeBytes how large the large log is
   * @param watches where watches are served
   */
  static Nginx start(Path directory, long largeBytes, int watches) throws IOException {
    Path program = Programs.find("nginx");
    if (program == null) {
      throw new LabException("no nginx on the PATH");
    }
    writeFiles(directory, largeBytes);
    int port = freePort();
    Path config = directory.resolve("nginx.conf");
    Files.writeString(
        config,
        CONFIG
            .replace("@dir@", directory.toString())
            .replace("@port@", Integer.toString(port))
            .replace("@source@", Integer.toString(watches))
            .replace("@small@", SMALL_PATH)
            .replace("@large@", LARGE_PATH)
            .replace("@put@", PUT_PATH)
            .replace("@watch@", WATCH_PATH.substring(0, WATCH_PATH.indexOf('?'))));
    Process process =
        new ProcessBuilder(
                program.toString(),
                "-p",
                directory.toString(),
                "-c",
                config.toString(),
                "-e",
                directory.resolve("nginx.log").toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("nginx.out").toFile())
            .start();
    Nginx nginx = new Nginx(process, port, directory);
    nginx.awaitListening();
    return nginx;
  }

  private static void writeFiles(Path directory, long largeBytes) throws IOException {
    TestAuthority authority = TestAuthority.create();
    TlsMaterial server = authority.server();
    X509KeyManager keys = (X509KeyManager) server.keyManagers().get(0);
    String alias = keys.getServerAliases("EC", null)[0];
    try {
      Files.writeString(
          directory.resolve("server.pem"),
          pem("CERTIFICATE", keys.getCertificateChain(alias)[0].getEncoded()));
      Files.writeString(
          directory.resolve("ca.pem"), pem("CERTIFICATE", authority.certificate().getEncoded()));
    } catch (CertificateEncodingException impossible) {
      throw new IllegalStateException(impossible);
    }
    Files.writeString(
        directory.resolve("server.key"),
        pem("PRIVATE KEY", keys.getPrivateKey(alias).getEncoded()));
    Files.writeString(directory.resolve("small"), "x".repeat(SMALL - 1) + "\n");
    Files.createDirectories(directory.resolve("put"));
    // nginx's workers run as somebody else when it is started by root.
    directory.resolve("put").toFile().setWritable(true, false);
    try (RandomAccessFile large = new RandomAccessFile(directory.resolve("large").toFile(), "rw")) {
      large.setLength(largeBytes);
    }
  }

  private static String pem(String type, byte[] der) {
    String body =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(der);
    return "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n";
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void awaitListening() {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (process.isAlive() && System.nanoTime() < deadline) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return;
      } catch (IOException notYet) {
        pause();
      }
    }
    close();
    throw new LabException("nginx does not listen; see " + directory.resolve("nginx.out"));
  }

  private static void pause() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted", e);
    }
  }

  /** Where it listens. */
  public int port() {
    return port;
  }

  /** Who issued its certificate, in PEM. */
  Path authority() {
    return directory.resolve("ca.pem");
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
