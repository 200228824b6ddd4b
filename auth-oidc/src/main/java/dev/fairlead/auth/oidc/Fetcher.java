package dev.fairlead.auth.oidc;

import dev.fairlead.api.TransportException;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Requests to issuers, each bounded in time and in the size of its answer. Redirects are not
 * followed. Never blocks its callers.
 */
final class Fetcher implements AutoCloseable {

  /** The most bytes of an answer. */
  static final int LARGEST = 1 << 20;

  private static final int THREADS = 4;
  private static final int WAITING = 1_000;
  private static final int IDLE_SECONDS = 10;

  private final ThreadPoolExecutor threads = threads();
  // Each for no longer than the timeout.
  private final Set<CompletableFuture<String>> underWay = ConcurrentHashMap.newKeySet();
  private volatile @Nullable HttpClient client;
  private final boolean resolves;
  private final Duration timeout;

  /**
   * Makes a fetcher.
   *
   * @param given a client of somebody else, or null for one of its own
   * @param configure what its own client has to have set
   */
  Fetcher(
      @Nullable HttpClient given,
      Function<HttpClient.Builder, HttpClient.Builder> configure,
      Duration timeout) {
    this.client =
        given != null
            ? given
            : configure
                .apply(
                    HttpClient.newBuilder()
                        .executor(threads)
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(timeout)
                        .followRedirects(HttpClient.Redirect.NEVER))
                .build();
    // With a proxy, it is the proxy that resolves names.
    this.resolves = given == null || given.proxy().isEmpty();
    this.timeout = timeout;
  }

  private static ThreadPoolExecutor threads() {
    AtomicInteger number = new AtomicInteger();
    ThreadPoolExecutor made =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING),
            task -> {
              Thread thread = new Thread(task, "fairlead-oidc-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    made.allowCoreThreadTimeOut(true);
    return made;
  }

  /** The body of a document. */
  CompletableFuture<String> get(Destination where) {
    return send(
        where, HttpRequest.newBuilder(where.uri()).header("accept", "application/json").build());
  }

  /** The body of the answer to a form (RFC 6749, appendix B), sent as a client. */
  CompletableFuture<String> post(Destination where, String form, String authorization) {
    return send(
        where,
        HttpRequest.newBuilder(where.uri())
            .header("accept", "application/json")
            .header("authorization", authorization)
            .header("content-type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form))
            .build());
  }

  private CompletableFuture<String> send(Destination where, HttpRequest request) {
    CompletableFuture<String> body = new CompletableFuture<>();
    underWay.add(body);
    body.whenComplete((text, failure) -> underWay.remove(body));
    try {
      threads.execute(() -> start(where, request, body));
    } catch (RejectedExecutionException e) {
      body.completeExceptionally(
          new TransportException(
              where + ": not asked, " + (threads.isShutdown() ? "as this is closed" : "too busy")));
    }
    // On threads of its own, whoever noticed: the JDK's timer has others to serve.
    return body.orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
        .handleAsync(
            (text, failure) -> {
              if (failure == null) {
                return text;
              }
              throw failure instanceof TransportException known
                  ? known
                  : new TransportException(where + ": " + reason(failure), failure);
            },
            threads);
  }

  private String reason(Throwable failure) {
    return failure instanceof TimeoutException
        ? "no answer within " + timeout.toMillis() + " ms"
        : Objects.requireNonNullElse(failure.getMessage(), failure.toString());
  }

  private void start(Destination where, HttpRequest request, CompletableFuture<String> body) {
    HttpClient present = client;
    if (present == null) {
      body.completeExceptionally(new TransportException(where + ": not asked, as this is closed"));
      return;
    }
    try {
      if (resolves) {
        where.requireAllowedAddress();
      }
      CompletableFuture<HttpResponse<byte[]>> sent =
          present.sendAsync(request, head -> new BoundedBody(LARGEST));
      body.whenComplete((text, failure) -> sent.cancel(true));
      sent.whenComplete(
          (response, failure) -> {
            if (failure != null) {
              body.completeExceptionally(cause(failure));
            } else if (response.statusCode() != 200) {
              body.completeExceptionally(
                  new IOException(
                      "HTTP status "
                          + response.statusCode()
                          + " (expected: 200; redirects are not followed)"));
            } else {
              body.complete(new String(response.body(), StandardCharsets.UTF_8));
            }
          });
    } catch (IOException | RuntimeException e) {
      body.completeExceptionally(e);
    }
  }

  private static Throwable cause(Throwable failure) {
    Throwable cause = failure.getCause();
    return failure instanceof java.util.concurrent.CompletionException && cause != null
        ? cause
        : failure;
  }

  /**
   * Ends what is under way. Its own client ends when nothing refers to it any more, which is the
   * only way that Java 17 has; one that somebody else gave stays open.
   */
  @Override
  public void close() {
    client = null;
    for (CompletableFuture<String> body : underWay) {
      body.completeExceptionally(new TransportException("not waited for, as this is closed"));
    }
    // Not at once: they still tell those who asked.
    threads.shutdown();
  }
}
