package dev.fairlead.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Users who go on asking whatever happens: over both versions of HTTP, a fifth of their requests
 * cancelled, and with a watch. They may be refused; what they get as an answer has to be one.
 */
final class SoakUsers implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(SoakUsers.class);
  private static final String PODS = "/clusters/dev/api/v1/namespaces/shop/pods";
  private static final int AT_ONCE = 4;
  private static final int PATIENCE_SECONDS = 20;

  /** What the hub may say while something is broken. */
  private static final Set<Integer> REFUSALS = Set.of(429, 500, 502, 503, 504);

  final AtomicInteger answered = new AtomicInteger();
  final AtomicInteger refused = new AtomicInteger();
  final Queue<String> wrong = new ConcurrentLinkedQueue<>();
  private final HttpClient http1;
  private final HttpClient http2;

  /** Whoever takes back too much loses the connection, and so would a watch on it. */
  private final HttpClient calm;

  private final String url;
  private final ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE + 1);
  private volatile boolean going;
  private final AtomicInteger watches = new AtomicInteger();
  private volatile boolean watching;
  private volatile InputStream watched = InputStream.nullInputStream();

  SoakUsers(SoakSite site) throws Exception {
    url = site.url() + PODS;
    try (InputStream in = Files.newInputStream(site.ca())) {
      X509Certificate ca =
          (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
      http1 = client(HttpClient.Version.HTTP_1_1, ca);
      http2 = client(HttpClient.Version.HTTP_2, ca);
      calm = client(HttpClient.Version.HTTP_2, ca);
    }
  }

  private static HttpClient client(HttpClient.Version version, X509Certificate ca)
      throws Exception {
    return HttpClient.newBuilder()
        .version(version)
        .connectTimeout(Duration.ofSeconds(5))
        .sslContext(dev.fairlead.testkit.raw.RawClient.trusting(ca))
        .build();
  }

  private HttpRequest.Builder request(String query) {
    return HttpRequest.newBuilder(URI.create(url + query))
        .header("Authorization", "Bearer " + User.ALICE.token());
  }

  private HttpRequest list() {
    return request("").timeout(Duration.ofSeconds(PATIENCE_SECONDS)).build();
  }

  void begin() {
    going = true;
    for (int i = 0; i < AT_ONCE; i++) {
      HttpClient client = i % 2 == 0 ? http1 : http2;
      threads.execute(() -> goOn(client));
    }
    threads.execute(this::goOnWatching);
  }

  /** What a request is answered now; 0 if it is not. */
  int ask() {
    try {
      return http1.send(list(), BodyHandlers.ofString()).statusCode();
    } catch (IOException e) {
      return 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }

  private void goOn(HttpClient client) {
    for (int i = 0; going; i++) {
      CompletableFuture<HttpResponse<String>> answer =
          client.sendAsync(list(), BodyHandlers.ofString());
      try {
        if (i % 5 == 0) {
          answer.get(i % 3, TimeUnit.MILLISECONDS);
        }
        judge(answer.get(PATIENCE_SECONDS + 10, TimeUnit.SECONDS));
      } catch (TimeoutException e) {
        answer.cancel(true);
      } catch (ExecutionException e) {
        refused.incrementAndGet();
        pause(100);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void judge(HttpResponse<String> answer) {
    String body = answer.body();
    if (answer.statusCode() == 200 && body.contains("cart-0") && body.strip().endsWith("}")) {
      answered.incrementAndGet();
      pause(50);
    } else if (REFUSALS.contains(answer.statusCode()) && body.contains("\"Status\"")) {
      refused.incrementAndGet();
      pause(100);
    } else {
      wrong.add(answer.statusCode() + " " + body);
    }
  }

  /** Which watch it is that is under way, counted from 1; 0 while there is none. */
  int watch() {
    return watching ? watches.get() : 0;
  }

  private void goOnWatching() {
    // Its client's patience would be with all of it, and not with its beginning alone.
    HttpRequest request = request("?watch=true").build();
    while (going) {
      CompletableFuture<HttpResponse<InputStream>> asked =
          calm.sendAsync(request, BodyHandlers.ofInputStream());
      try {
        HttpResponse<InputStream> answer = asked.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        try (InputStream events = answer.body()) {
          watched = events;
          if (answer.statusCode() == 200) {
            watches.incrementAndGet();
            watching = true;
          }
          while (going && events.read() >= 0) {
            answered.get();
          }
        }
        pause(100);
      } catch (IOException | ExecutionException | TimeoutException broken) {
        log.info("watch {}: {}", watches, String.valueOf(broken.getCause()));
        pause(100);
      } catch (InterruptedException e) {
        return;
      } finally {
        asked.cancel(true);
        watching = false;
      }
    }
  }

  private static void pause(long millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    going = false;
    threads.shutdownNow();
    try {
      // Being interrupted does not end it.
      watched.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
