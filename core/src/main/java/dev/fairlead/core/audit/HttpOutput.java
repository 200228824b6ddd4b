package dev.fairlead.core.audit;

import dev.fairlead.api.Time;
import dev.fairlead.core.pipe.DaemonThreads;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Posts batches, each again and again until it is taken, refused or given up. */
final class HttpOutput implements RecordOutput {

  /** How much of an answer is looked at. */
  private static final int LARGEST_ANSWER = 64 * 1024;

  /** What a receiver is told, and what it says. */
  interface Format {

    String contentType();

    byte[] body(List<EncodedEvent> events) throws IOException;

    /** Whether an answer that succeeded may say otherwise. */
    boolean readsAnswer();

    /** What is wrong with the answer to a request that succeeded, or null. */
    @Nullable String complaint(byte[] answer);
  }

  /** What came of one attempt: a complaint unless it was taken. */
  private record Attempt(@Nullable String complaint, boolean again) {}

  private final HttpDelivery delivery;
  private final Format format;
  private final Time time;
  private final RandomGenerator random;
  private final ThreadPoolExecutor threads = DaemonThreads.blocking("fairlead-audit-http", 2, 100);
  private final HttpClient client;
  private final CompletableFuture<Void> closing = new CompletableFuture<>();

  HttpOutput(HttpDelivery delivery, Format format, Time time, RandomGenerator random) {
    this.delivery = delivery;
    this.format = format;
    this.time = time;
    this.random = random;
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .executor(threads)
            .connectTimeout(delivery.timeout())
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER);
    if (delivery.tls() != null) {
      builder.sslContext(delivery.tls());
    }
    this.client = builder.build();
  }

  @Override
  public void append(List<EncodedEvent> events) throws IOException {
    byte[] body = format.body(events);
    Duration pause = delivery.firstPause();
    for (int attempt = 1; ; attempt++) {
      Attempt result = post(body);
      String complaint = result.complaint();
      if (complaint == null) {
        return;
      }
      if (!result.again() || attempt == delivery.attempts() || closing.isDone()) {
        throw new IOException(
            delivery.uri().getHost() + ": " + complaint + " (attempt " + attempt + ")");
      }
      await(pause);
      pause = pause.multipliedBy(2);
      if (pause.compareTo(delivery.longestPause()) > 0) {
        pause = delivery.longestPause();
      }
    }
  }

  private Attempt post(byte[] body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(delivery.uri())
            .timeout(delivery.timeout())
            .header("content-type", format.contentType())
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    delivery.headers().forEach(request::setHeader);
    try {
      HttpResponse<InputStream> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream answer = response.body()) {
        int status = response.statusCode();
        if (status / 100 != 2) {
          return new Attempt("status " + status, status == 408 || status == 429 || status >= 500);
        }
        return new Attempt(format.readsAnswer() ? format.complaint(start(answer)) : null, false);
      }
    } catch (IOException e) {
      return new Attempt(e.toString(), true);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Attempt("interrupted", false);
    }
  }

  /** Reads what there is at most, and no longer than a request may take. */
  private byte[] start(InputStream answer) throws IOException {
    CompletableFuture<byte[]> read = new CompletableFuture<>();
    Time.Scheduled late =
        time.schedule(
            delivery.timeout(), () -> read.completeExceptionally(new IOException("no end")));
    try {
      threads.execute(
          () -> {
            try {
              read.complete(answer.readNBytes(LARGEST_ANSWER));
            } catch (IOException e) {
              read.completeExceptionally(e);
            }
          });
      return read.get();
    } catch (ExecutionException e) {
      throw new IOException("the answer's body: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      late.cancel();
    }
  }

  /** Waits half of the pause to all of it, so that many hubs do not come at once. */
  private void await(Duration pause) {
    long nanos = pause.toNanos();
    long jittered = nanos / 2 + (nanos < 2 ? 0 : random.nextLong(nanos / 2 + 1));
    CompletableFuture<Void> over = new CompletableFuture<>();
    Time.Scheduled scheduled = time.schedule(Duration.ofNanos(jittered), () -> over.complete(null));
    CompletableFuture.anyOf(over, closing).join();
    scheduled.cancel();
  }

  @Override
  public void whenDue(Runnable wake) {}

  @Override
  public void catchUp() {}

  @Override
  public void closing() {
    closing.complete(null);
  }

  @Override
  public void close() {
    threads.shutdown();
  }
}
