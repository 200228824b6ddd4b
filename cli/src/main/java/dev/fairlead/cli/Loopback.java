package dev.fairlead.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The page on this machine that an issuer sends the browser back to (RFC 8252 section 7.3). It
 * listens on the loopback address alone, and takes the first answer that knows the state, so that
 * other pages in the browser cannot slip one in.
 */
final class Loopback implements AutoCloseable {

  private static final String PATH = "/callback";

  private final HttpServer server;
  private final String state;
  private final CompletableFuture<Map<String, String>> answer = new CompletableFuture<>();

  private Loopback(HttpServer server, String state) {
    this.server = server;
    this.state = state;
  }

  static Loopback open(String state) {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
      Loopback loopback = new Loopback(server, state);
      server.createContext("/", loopback::serve);
      server.start();
      return loopback;
    } catch (IOException e) {
      throw new Refusal(
          "no port on 127.0.0.1 for the browser to come back to; use --method device", e);
    }
  }

  /** Where the browser is to come back to. */
  URI redirect() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + PATH);
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (!exchange.getRequestMethod().equals("GET")
          || !exchange.getRequestURI().getPath().equals(PATH)) {
        reply(exchange, 404, "There is nothing here.");
        return;
      }
      Map<String, String> query = query(exchange.getRequestURI().getRawQuery());
      if (!state.equals(query.get("state"))) {
        reply(exchange, 400, "This is no answer to the sign-in that is under way.");
        return;
      }
      reply(
          exchange,
          200,
          query.containsKey("code")
              ? "You can close this page and go back to the terminal."
              : "The sign-in failed; the terminal says why.");
      answer.complete(query);
    }
  }

  private static Map<String, String> query(@Nullable String raw) {
    Map<String, String> found = new HashMap<>();
    if (raw != null && raw.length() < 16_384) {
      for (String part : raw.split("&")) {
        int equals = part.indexOf('=');
        if (equals > 0) {
          found.putIfAbsent(
              decoded(part.substring(0, equals)), decoded(part.substring(equals + 1)));
        }
      }
    }
    return found;
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  private static void reply(HttpExchange exchange, int status, String sentence) throws IOException {
    byte[] page =
        ("<!doctype html><meta charset=utf-8><title>Fairlead</title>"
                + "<body style='font:1.2em sans-serif;margin:4em'>"
                + sentence)
            .getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("content-type", "text/html; charset=utf-8");
    exchange.getResponseHeaders().set("cache-control", "no-store");
    exchange.getResponseHeaders().set("referrer-policy", "no-referrer");
    exchange.sendResponseHeaders(status, page.length);
    exchange.getResponseBody().write(page);
  }

  /** Waits for the browser. */
  Map<String, String> await(Duration atMost) {
    try {
      return answer.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new Refusal(
          "the browser has not come back within "
              + atMost.toMinutes()
              + " minutes; run fairlead login again, or with --method device",
          e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Refusal("interrupted", e);
    }
  }

  @Override
  public void close() {
    // A second, so that the page gets to the browser.
    server.stop(answer.isDone() ? 1 : 0);
  }
}
