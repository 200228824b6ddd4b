package dev.fairlead.examples;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Takes what a hub posts, or refuses it. */
final class AuditReceiver implements AutoCloseable {

  private final HttpServer server;

  /** Content type, authorization and body of each request, in a line each. */
  final List<String> requests = new CopyOnWriteArrayList<>();

  volatile int status = 204;

  AuditReceiver() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1);
          requests.add(
              exchange.getRequestHeaders().getFirst("content-type")
                  + "\n"
                  + exchange.getRequestHeaders().getFirst("authorization")
                  + "\n"
                  + body);
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/records";
  }

  boolean has(String... texts) {
    return requests.stream().anyMatch(one -> List.of(texts).stream().allMatch(one::contains));
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
