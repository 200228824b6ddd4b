package dev.fairlead.cli;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * Requests whose answers are small JSON objects; each bounded in time and size, none redirected.
 */
final class Calls {

  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration WHOLE = Duration.ofSeconds(20);
  private static final int LARGEST = 4 << 20;

  private final HttpClient client;

  Calls(Authorities authorities) {
    client =
        HttpClient.newBuilder()
            .sslContext(authorities.context())
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  Answer get(URI uri) {
    return send(HttpRequest.newBuilder(uri).build());
  }

  Answer get(URI uri, String bearer) {
    return send(HttpRequest.newBuilder(uri).header("authorization", "Bearer " + bearer).build());
  }

  Answer postJson(URI uri, Map<String, ?> object) {
    return send(
        HttpRequest.newBuilder(uri)
            .header("content-type", "application/json")
            .POST(BodyPublishers.ofString(Json.write(object)))
            .build());
  }

  /** Sends a form (RFC 6749, appendix B). */
  Answer postForm(URI uri, Map<String, String> fields) {
    return send(
        HttpRequest.newBuilder(uri)
            .header("content-type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form(fields)))
            .build());
  }

  /** Writes fields as a form, or as a query. */
  static String form(Map<String, String> fields) {
    return fields.entrySet().stream()
        .map(one -> encoded(one.getKey()) + "=" + encoded(one.getValue()))
        .collect(Collectors.joining("&"));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private Answer send(HttpRequest bare) {
    HttpRequest request =
        HttpRequest.newBuilder(bare, (name, value) -> true)
            .header("accept", "application/json")
            .header("user-agent", "fairlead")
            .build();
    CompletableFuture<HttpResponse<String>> sent =
        client.sendAsync(request, head -> new BoundedBody(LARGEST));
    try {
      HttpResponse<String> response = sent.get(WHOLE.toMillis(), TimeUnit.MILLISECONDS);
      return new Answer(
          response.statusCode(),
          Json.object(response.body()).orElse(Map.of()),
          response.sslSession().map(Calls::chain).orElse(List.of()));
    } catch (TimeoutException e) {
      sent.cancel(true);
      throw new Refusal.Unreachable(
          place(request.uri()) + " has not answered within " + WHOLE.toSeconds() + " s");
    } catch (ExecutionException e) {
      throw unreachable(request.uri(), e.getCause() == null ? e : e.getCause());
    } catch (InterruptedException e) {
      sent.cancel(true);
      Thread.currentThread().interrupt();
      throw new Refusal("interrupted", e);
    }
  }

  private static List<X509Certificate> chain(SSLSession session) {
    try {
      return Stream.of(session.getPeerCertificates())
          .filter(X509Certificate.class::isInstance)
          .map(X509Certificate.class::cast)
          .toList();
    } catch (SSLPeerUnverifiedException e) {
      return List.of();
    }
  }

  private static Refusal unreachable(URI uri, Throwable failure) {
    if (failure instanceof SSLException) {
      return new Refusal.Unreachable(
          place(uri)
              + ": its certificate is not trusted ("
              + Answer.printable(innermost(failure))
              + "); name its authority with --ca FILE or --ca-sha256 PIN",
          failure);
    }
    return new Refusal.Unreachable(
        place(uri)
            + " cannot be reached ("
            + Answer.printable(
                failure instanceof IOException ? innermost(failure) : failure.toString())
            + ")",
        failure);
  }

  private static String innermost(Throwable failure) {
    Throwable at = failure;
    while (at.getCause() != null && at.getCause() != at) {
      at = at.getCause();
    }
    return at.getMessage() == null ? at.getClass().getSimpleName() : at.getMessage();
  }

  /** A server without what a path or query may tell. */
  static String place(URI uri) {
    return uri.getScheme() + "://" + uri.getRawAuthority();
  }
}
