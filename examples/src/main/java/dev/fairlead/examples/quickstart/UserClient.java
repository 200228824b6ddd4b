package dev.fairlead.examples.quickstart;

import dev.fairlead.core.tls.AuthorityTrust;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** A user of the front door: the JDK's HTTP client with a bearer token. */
final class UserClient {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String TABLE =
      "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";

  private final String base;
  private final String token;
  private final HttpClient http;

  UserClient(String base, String token, X509Certificate authority) {
    this.base = base;
    this.token = token;
    this.http = HttpClient.newBuilder().sslContext(AuthorityTrust.in(List.of(authority))).build();
  }

  Answer table(String path) throws IOException, InterruptedException {
    return send(request(path).header("Accept", TABLE).GET());
  }

  Answer get(String path) throws IOException, InterruptedException {
    return send(request(path).GET());
  }

  Answer create(String path, String json) throws IOException, InterruptedException {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json)));
  }

  Answer delete(String path) throws IOException, InterruptedException {
    return send(request(path).DELETE());
  }

  /** Opens a watch: returns as soon as its head is here; the lines are events. */
  HttpResponse<Stream<String>> watch(String path) throws IOException, InterruptedException {
    return http.send(request(path).GET().build(), BodyHandlers.ofLines());
  }

  private Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<String> response =
        http.send(request.timeout(PATIENCE).build(), BodyHandlers.ofString());
    return new Answer(response.statusCode(), response.body());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(base + path))
        .header("Authorization", "Bearer " + token);
  }
}
