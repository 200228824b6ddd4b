package dev.fairlead.testkit.audit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server that audit events are sent to, and that answers as it is told. */
final class Receiver implements AutoCloseable {

  /** Answers a request whose body was read. */
  interface Answer {
    void to(HttpExchange exchange, byte[] body) throws IOException;
  }

  final List<byte[]> bodies = new CopyOnWriteArrayList<>();
  final List<String> contentTypes = new CopyOnWriteArrayList<>();
  volatile Answer answer = (exchange, body) -> exchange.sendResponseHeaders(200, -1);
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  Receiver() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::take);
    server.start();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1/logs");
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      contentTypes.add(exchange.getRequestHeaders().getFirst("content-type"));
      bodies.add(body);
      answer.to(exchange, body);
    }
  }

  static Answer status(int code) {
    return (exchange, body) -> exchange.sendResponseHeaders(code, -1);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
