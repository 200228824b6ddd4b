package dev.fairlead.benchmarks.load;

import dev.fairlead.benchmarks.lab.LabException;
import dev.fairlead.benchmarks.lab.Way;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/** Watches over HTTP/2 by the JDK's client, which note how late each event came. */
public final class Watchers implements AutoCloseable {

  private static final int STREAMS_PER_CONNECTION = 100;

  private final ExecutorService threads = Executors.newFixedThreadPool(2);
  private final List<CompletableFuture<?>> watches = new ArrayList<>();
  private final Delays delays = new Delays();
  private volatile @Nullable String failure;

  private Watchers() {}

  /** Opens so many watches. */
  public static Watchers open(Way way, String path, int count) {
    Watchers watchers = new Watchers();
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new Anybody()}, null);
      for (int left = count; left > 0; left -= STREAMS_PER_CONNECTION) {
        watchers.openSome(context, way, path, Math.min(left, STREAMS_PER_CONNECTION));
      }
      return watchers;
    } catch (GeneralSecurityException e) {
      watchers.close();
      throw new LabException("watches: " + e, e);
    }
  }

  /** On one connection, which the first of them opens. */
  private void openSome(SSLContext context, Way way, String path, int count) {
    HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_2)
            .sslContext(context)
            .executor(threads)
            .build();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(way.url(path)))
            .header("Authorization", "Bearer " + way.token())
            .build();
    for (int i = 0; i < count; i++) {
      CompletableFuture<Void> begun = new CompletableFuture<>();
      watches.add(
          client
              .sendAsync(
                  request,
                  response -> {
                    if (response.statusCode() == 200
                        && response.version() == HttpClient.Version.HTTP_2) {
                      begun.complete(null);
                    } else {
                      String why =
                          "watch: " + response.statusCode() + " over " + response.version();
                      failed(why);
                      begun.completeExceptionally(new LabException(why));
                    }
                    return HttpResponse.BodySubscribers.fromLineSubscriber(new Events());
                  })
              .whenComplete(
                  (response, thrown) -> {
                    if (thrown != null) {
                      failed("watch: " + thrown);
                      begun.completeExceptionally(thrown);
                    }
                  }));
      if (i == 0) {
        await(begun);
      }
    }
  }

  private static void await(CompletableFuture<Void> begun) {
    try {
      begun.get(30, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new LabException("a watch did not begin: " + e, e);
    }
  }

  /** Forgets the delays noted up to now. */
  public void forget() {
    delays.clear();
  }

  /** The delays noted since, in nanoseconds, in ascending order. */
  public long[] delays() {
    return delays.sorted();
  }

  /** How many watches have ended. */
  public long ended() {
    return watches.stream().filter(CompletableFuture::isDone).count();
  }

  /** The first counts: what comes later may come of it. */
  private synchronized void failed(String why) {
    failure = failure == null ? why : failure;
  }

  /** Why one did not begin; null if all did, as far as is known. */
  public @Nullable String failure() {
    return failure;
  }

  @Override
  public void close() {
    watches.forEach(watch -> watch.cancel(true));
    threads.shutdownNow();
  }

  private final class Events implements Flow.Subscriber<String> {
    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(String sentAt) {
      delays.add(System.nanoTime() - Long.parseLong(sentAt));
    }

    @Override
    public void onError(Throwable failure) {
      // Counted as ended.
    }

    @Override
    public void onComplete() {
      // Counted as ended.
    }
  }

  private static final class Delays {

    private long[] values = new long[1024];
    private int count;

    synchronized void add(long nanos) {
      if (count == values.length) {
        values = Arrays.copyOf(values, 2 * count);
      }
      values[count++] = nanos;
    }

    synchronized void clear() {
      count = 0;
    }

    synchronized long[] sorted() {
      long[] sorted = Arrays.copyOf(values, count);
      Arrays.sort(sorted);
      return sorted;
    }
  }
}
