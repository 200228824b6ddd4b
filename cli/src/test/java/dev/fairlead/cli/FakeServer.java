package dev.fairlead.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.fairlead.pki.CertificateAuthority;
import dev.fairlead.pki.RotatingCertificate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;

/** A server whose pages answer with JSON, on a port of its own. */
final class FakeServer implements AutoCloseable {

  /** What comes in. */
  record Call(String method, String path, String authorization, String body) {
    Map<String, Object> json() {
      return Json.object(body).orElseThrow();
    }

    Map<String, String> form() {
      return fields(body);
    }

    Map<String, String> query() {
      int mark = path.indexOf('?');
      return mark < 0 ? Map.of() : fields(path.substring(mark + 1));
    }

    private static Map<String, String> fields(String text) {
      Map<String, String> fields = new LinkedHashMap<>();
      for (String part : text.split("&")) {
        int equals = part.indexOf('=');
        fields.put(
            URLDecoder.decode(part.substring(0, equals), StandardCharsets.UTF_8),
            URLDecoder.decode(part.substring(equals + 1), StandardCharsets.UTF_8));
      }
      return fields;
    }
  }

  /** What goes out. */
  record Reply(int status, String body, String location) {
    static Reply of(int status, Map<String, ?> body) {
      return new Reply(status, Json.write(body), "");
    }

    static Reply redirect(String location) {
      return new Reply(302, "", location);
    }
  }

  @FunctionalInterface
  interface Handler {
    Reply handle(Call call) throws IOException;
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newFixedThreadPool(4);
  private final Map<String, Handler> pages = new ConcurrentHashMap<>();
  private final CertificateAuthority authority;

  private FakeServer(HttpServer server, CertificateAuthority authority) {
    this.server = server;
    this.authority = authority;
    server.setExecutor(threads);
    server.createContext("/", this::serve);
    server.start();
  }

  static FakeServer overHttp() {
    try {
      return new FakeServer(HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0), null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static FakeServer overTls() {
    try {
      CertificateAuthority authority =
          CertificateAuthority.create(InstantSource.system(), new SecureRandom(), "test");
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          new KeyManager[] {
            RotatingCertificate.of(
                authority.issueServer(List.of("localhost", "127.0.0.1"), Duration.ofDays(1)))
          },
          null,
          null);
      HttpsServer server = HttpsServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
      server.setHttpsConfigurator(new HttpsConfigurator(context));
      return new FakeServer(server, authority);
    } catch (IOException | GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  FakeServer page(String path, Handler handler) {
    pages.put(path, handler);
    return this;
  }

  String url() {
    return (authority == null ? "http" : "https") + "://127.0.0.1:" + server.getAddress().getPort();
  }

  CertificateAuthority authority() {
    return authority;
  }

  Path writeCa(Path directory) throws Exception {
    return Files.writeString(
        directory.resolve("ca.pem"),
        "-----BEGIN CERTIFICATE-----\n"
            + Base64.getMimeEncoder().encodeToString(authority.certificate().getEncoded())
            + "\n-----END CERTIFICATE-----\n");
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      Handler page = pages.get(exchange.getRequestURI().getPath());
      String authorization = exchange.getRequestHeaders().getFirst("authorization");
      Reply reply =
          page == null
              ? Reply.of(404, Map.of("detail", "no such page"))
              : page.handle(
                  new Call(
                      exchange.getRequestMethod(),
                      exchange.getRequestURI().toString(),
                      authorization == null ? "" : authorization,
                      new String(
                          exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
      byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("content-type", "application/json");
      if (!reply.location().isEmpty()) {
        exchange.getResponseHeaders().set("location", reply.location());
      }
      exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
