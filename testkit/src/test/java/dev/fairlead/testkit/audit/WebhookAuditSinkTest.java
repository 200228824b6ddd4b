package dev.fairlead.testkit.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fairlead.api.InvalidException;
import dev.fairlead.api.audit.AuditSink;
import dev.fairlead.core.audit.HttpDelivery;
import dev.fairlead.core.audit.WebhookAuditSink;
import dev.fairlead.core.time.SystemTime;
import dev.fairlead.testkit.ManualTime;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookAuditSinkTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Receiver receiver = new Receiver();
  private final SystemTime time = new SystemTime();
  private AuditSink sink = open(delivery());

  @AfterEach
  void stop() {
    sink.close();
    receiver.close();
    time.close();
  }

  private HttpDelivery delivery() {
    return HttpDelivery.to(receiver.uri())
        .withPatience(3, Duration.ZERO, Duration.ofMillis(10), Duration.ofSeconds(30));
  }

  private AuditSink open(HttpDelivery delivery) {
    return WebhookAuditSink.open(delivery, time);
  }

  private List<String> received() throws IOException {
    List<String> ids = new ArrayList<>();
    for (byte[] body : receiver.bodies) {
      JsonNode list = JSON.readTree(body);
      assertThat(list.path("kind").asText()).isEqualTo("EventList");
      assertThat(list.path("apiVersion").asText()).isEqualTo("audit.k8s.io/v1");
      list.path("items").forEach(item -> ids.add(item.path("auditID").asText()));
    }
    return ids;
  }

  @Nested
  class AsASink extends AuditSinkConformance {
    @Override
    protected AuditSink create() {
      return open(delivery());
    }

    @Override
    protected List<String> written() throws IOException {
      return received();
    }
  }

  @Test
  void whatWaitsIsPostedTogetherButNoMoreThanABatch() throws Exception {
    sink.close();
    sink = open(delivery().withRoom(100, 10).withHeader("authorization", "Bearer s3cret"));
    CountDownLatch arrived = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    List<String> authorizations = new ArrayList<>();
    receiver.answer =
        (exchange, body) -> {
          arrived.countDown();
          waitFor(go);
          authorizations.add(exchange.getRequestHeaders().getFirst("authorization"));
          exchange.sendResponseHeaders(204, -1);
        };
    CompletableFuture<Void> last = append("first");
    waitFor(arrived);
    for (int i = 0; i < 25; i++) {
      last = append("e" + i);
    }
    go.countDown();
    await(last);
    assertThat(receiver.bodies).hasSize(4);
    assertThat(received()).hasSize(26).startsWith("first", "e0").endsWith("e24");
    assertThat(receiver.contentTypes).containsOnly("application/json");
    assertThat(authorizations).containsOnly("Bearer s3cret");
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 429, 500, 502, 503, 504})
  void passingFailureIsTriedAgain(int status) throws Exception {
    AtomicInteger requests = new AtomicInteger();
    receiver.answer =
        (exchange, body) ->
            exchange.sendResponseHeaders(requests.incrementAndGet() < 3 ? status : 200, -1);
    await(append("a"));
    assertThat(received()).containsExactly("a", "a", "a");
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 307, 400, 401, 403, 404, 413})
  void otherAnswersAreFinal(int status) {
    receiver.answer = Receiver.status(status);
    CompletableFuture<Void> written = append("a");
    assertThatThrownBy(() -> await(written)).hasMessageContaining("status " + status);
    assertThat(receiver.bodies).hasSize(1);
  }

  @Test
  void batchIsGivenUpAndTheSinkRecovers() throws Exception {
    receiver.answer = Receiver.status(500);
    CompletableFuture<Void> lost = append("a");
    assertThatThrownBy(() -> await(lost)).hasMessageContaining("status 500 (attempt 3)");
    receiver.answer = Receiver.status(200);
    await(append("b"));
    assertThat(received()).endsWith("b");
  }

  @Test
  void aClosedSinkDoesNotSitOutItsPause() throws Exception {
    sink.close();
    ManualTime manual = ManualTime.create();
    AuditSink paused =
        WebhookAuditSink.open(
            HttpDelivery.to(receiver.uri())
                .withPatience(
                    100, Duration.ofSeconds(10), Duration.ofMinutes(1), Duration.ofSeconds(30)),
            manual);
    receiver.answer = Receiver.status(503);
    CompletableFuture<Void> lost = paused.append(SampleEvents.received("a")).toCompletableFuture();
    for (int attempts = 1; attempts < 4; attempts++) {
      awaitPause(manual);
      // A pause that begins while the clock still moves may be over with the same move.
      assertThat(receiver.bodies).hasSizeGreaterThanOrEqualTo(attempts);
      manual.advance(Duration.ofMinutes(1));
    }
    awaitPause(manual);
    paused.close();
    assertThatThrownBy(() -> await(lost)).hasMessageContaining("status 503");
  }

  private static void awaitPause(ManualTime manual) {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (manual.scheduled() == 0 && System.nanoTime() < until) {
      Thread.onSpinWait();
    }
    assertThat(manual.scheduled()).isEqualTo(1);
  }

  @Test
  void brokenConnectionIsTriedAgain() throws Exception {
    AtomicInteger requests = new AtomicInteger();
    receiver.answer =
        (exchange, body) -> {
          if (requests.incrementAndGet() < 3) {
            throw new IOException("gone");
          }
          exchange.sendResponseHeaders(200, -1);
        };
    await(append("a"));
    assertThat(received()).endsWith("a");
  }

  @Test
  void answerWithoutEndIsNotReadToItsEnd() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    receiver.answer =
        (exchange, body) -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write("x".repeat(1 << 16).getBytes(UTF_8));
          exchange.getResponseBody().flush();
          waitFor(go);
        };
    await(append("a"));
    go.countDown();
  }

  @Test
  void receiverThatDoesNotAnswerIsGivenUp() throws Exception {
    sink.close();
    sink =
        open(
            HttpDelivery.to(receiver.uri())
                .withPatience(2, Duration.ZERO, Duration.ZERO, Duration.ofMillis(300)));
    CountDownLatch go = new CountDownLatch(1);
    receiver.answer = (exchange, body) -> waitFor(go);
    CompletableFuture<Void> lost = append("a");
    assertThatThrownBy(() -> await(lost)).hasMessageContaining("timed out");
    go.countDown();
  }

  @Test
  void everyMistakeIsToldAndNoSecretIsShown() {
    assertThatThrownBy(() -> HttpDelivery.to(URI.create("http://example.com/")).withRoom(0, 0))
        .isInstanceOf(InvalidException.class)
        .hasMessageContaining("expected: https://HOST");
    assertThatThrownBy(() -> HttpDelivery.to(URI.create("https://user:pw@example.com/")))
        .isInstanceOf(InvalidException.class)
        .hasMessageNotContaining("pw");
    assertThatThrownBy(() -> delivery().withRoom(0, 99_999))
        .hasMessageContaining("capacity: 0 (expected: 1 to 1000000)")
        .hasMessageContaining("batch: 99999 ");
    assertThat(delivery().withHeader("authorization", "Bearer s3cret").toString())
        .contains("authorization")
        .doesNotContain("s3cret");
  }

  private CompletableFuture<Void> append(String id) {
    return sink.append(SampleEvents.received(id)).toCompletableFuture();
  }

  private static void await(CompletableFuture<Void> stage) throws Exception {
    stage.get(60, TimeUnit.SECONDS);
  }

  private static void waitFor(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
