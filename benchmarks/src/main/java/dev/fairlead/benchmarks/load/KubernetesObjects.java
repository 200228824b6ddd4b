package dev.fairlead.benchmarks.load;

import dev.fairlead.benchmarks.lab.LabException;
import dev.fairlead.benchmarks.lab.Way;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/** Fills a cluster with objects, many at a time. */
public final class KubernetesObjects {

  private static final int AT_ONCE = 32;

  private final Way way;
  private final HttpClient client;

  /** Objects that are made on a way. */
  public KubernetesObjects(Way way) {
    this.way = way;
    try {
      SSLContext tls = SSLContext.getInstance("TLS");
      tls.init(null, new TrustManager[] {new Anybody()}, null);
      client = HttpClient.newBuilder().sslContext(tls).build();
    } catch (GeneralSecurityException e) {
      throw new LabException("no TLS: " + e.getMessage(), e);
    }
  }

  /** So many names, each another. */
  public static List<String> names(int count) {
    return IntStream.range(0, count).mapToObj(i -> "object-" + i).toList();
  }

  /** Makes ConfigMaps with so many bytes of data each. */
  public void configMaps(String namespace, List<String> names, int bytes) {
    create(
        "/api/v1/namespaces/" + namespace + "/configmaps",
        names,
        name ->
            "{\"metadata\":{\"name\":\"%s\"},\"data\":{\"text\":\"%s\"}}"
                .formatted(name, "x".repeat(bytes)));
  }

  /**
   * Makes pods that nobody schedules: what controllers would write about thousands of them, for
   * minutes, makes API servers answer each list only when their cache has caught up with it.
   */
  public void pods(String namespace, List<String> names) {
    create(
        "/api/v1/namespaces/" + namespace + "/pods",
        names,
        name ->
            "{\"metadata\":{\"name\":\"%s\"},\"spec\":{\"automountServiceAccountToken\":false,"
                    .formatted(name)
                + "\"schedulerName\":\"nobody\","
                + "\"containers\":[{\"name\":\"main\",\"image\":\"example.com/main:1\"}]}}");
  }

  private void create(String path, List<String> names, Function<String, String> object) {
    Semaphore free = new Semaphore(AT_ONCE);
    AtomicReference<@Nullable String> failure = new AtomicReference<>();
    CompletableFuture<Void> last = CompletableFuture.completedFuture(null);
    for (String name : names) {
      free.acquireUninterruptibly();
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(way.url(path)))
              .header("Authorization", "Bearer " + way.token())
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString(object.apply(name)))
              .build();
      CompletableFuture<Void> made =
          client
              .sendAsync(request, HttpResponse.BodyHandlers.ofString())
              .handle(
                  (answer, problem) -> {
                    free.release();
                    if (problem != null) {
                      failure.set(problem.toString());
                    } else if (answer.statusCode() != 201) {
                      failure.set(answer.statusCode() + " " + answer.body());
                    }
                    return null;
                  });
      last = CompletableFuture.allOf(last, made);
      if (last.isDone()) {
        last = CompletableFuture.completedFuture(null);
      }
      if (failure.get() != null) {
        break;
      }
    }
    free.acquireUninterruptibly(AT_ONCE);
    if (failure.get() != null) {
      throw new LabException(path + ": " + failure.get() + " (expected: 201)");
    }
  }
}
