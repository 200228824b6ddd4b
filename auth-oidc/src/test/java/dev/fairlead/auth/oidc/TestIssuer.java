package dev.fairlead.auth.oidc;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** An issuer on this machine that does whatever a test wants of it. */
final class TestIssuer implements AutoCloseable {

  /** Answers a request. */
  interface Answer {
    void to(HttpExchange request) throws IOException;
  }

  static final String DISCOVERY = "/.well-known/openid-configuration";
  static final String JWKS = "/jwks";

  final List<TestKey> keys = new CopyOnWriteArrayList<>();
  final List<String> requests = new CopyOnWriteArrayList<>();
  final Semaphore jwksAsked = new Semaphore(0);
  private final Map<String, Answer> answers = new java.util.concurrent.ConcurrentHashMap<>();
  private final int port;
  private HttpServer server;
  private ExecutorService threads;

  TestIssuer(TestKey... keys) {
    this.keys.addAll(List.of(keys));
    server = listen(0);
    port = server.getAddress().getPort();
    answers.put(DISCOVERY, json(() -> discovery(url(), url() + JWKS)));
    answers.put(JWKS, json(this::jwks));
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  /** Replaces what is answered at a path. */
  void at(String path, Answer answer) {
    answers.put(path, answer);
  }

  static Answer json(java.util.function.Supplier<String> body) {
    return request -> send(request, 200, body.get());
  }

  static String discovery(String issuer, String jwksUri) {
    return JSONObjectUtils.toJSONString(Map.of("issuer", issuer, "jwks_uri", jwksUri));
  }

  static void send(HttpExchange request, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    request.getResponseHeaders().set("content-type", "application/json");
    request.sendResponseHeaders(status, bytes.length);
    request.getResponseBody().write(bytes);
  }

  String jwks() {
    return new JWKSet(new ArrayList<>(keys.stream().map(TestKey::published).toList())).toString();
  }

  long asked(String path) {
    return requests.stream().filter(path::equals).count();
  }

  /** Waits for one more request for the keys. */
  void awaitJwksAsked() throws InterruptedException {
    if (!jwksAsked.tryAcquire(10, TimeUnit.SECONDS)) {
      throw new AssertionError("the keys were not asked for");
    }
  }

  void stop() {
    server.stop(0);
    threads.shutdownNow();
  }

  void startAgain() {
    server = listen(port);
  }

  private HttpServer listen(int where) {
    try {
      HttpServer made =
          HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), where), 0);
      threads = Executors.newCachedThreadPool();
      made.setExecutor(threads);
      made.createContext("/", this::answer);
      made.start();
      return made;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void answer(HttpExchange request) throws IOException {
    String path = request.getRequestURI().getPath();
    requests.add(path);
    try (request) {
      Answer answer = answers.get(path);
      if (answer == null) {
        send(request, 404, "{}");
      } else {
        answer.to(request);
      }
    } finally {
      if (path.equals(JWKS)) {
        jwksAsked.release();
      }
    }
  }

  /** Claims of a good token of this issuer. */
  Map<String, Object> claims(java.time.Instant now) {
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("iss", url());
    claims.put("sub", "alice");
    claims.put("aud", "fairlead");
    claims.put("iat", now.getEpochSecond());
    claims.put("exp", now.getEpochSecond() + 300);
    claims.put("jti", "0f9e8d7c-0001");
    return claims;
  }

  @Override
  public void close() {
    stop();
  }
}
