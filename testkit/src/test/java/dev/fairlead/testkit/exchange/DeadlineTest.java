package dev.fairlead.testkit.exchange;

import static dev.fairlead.testkit.exchange.FleetFixture.PODS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.api.audit.AuditEvent;
import dev.fairlead.api.auth.Decision;
import dev.fairlead.core.http.HttpStream;
import dev.fairlead.core.http.LinkSettings;
import dev.fairlead.core.http.Reset;
import dev.fairlead.core.hub.HubSettings;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How long requests may take, and how much they may bring. */
final class DeadlineTest {

  private static final Duration A_MINUTE_AND_GRACE = Duration.ofMillis(61_200);

  /** A minute at once would be a minute of silence. */
  private static final LinkSettings PATIENT = LinkSettings.TUNNEL.withLiveness(Duration.ZERO);

  private final FleetFixture fleet =
      new FleetFixture(hub -> hub.settings(HubSettings.defaults().withTunnel(PATIENT)));
  private FleetAgent agent;

  @BeforeEach
  void connect() throws InterruptedException {
    agent = fleet.agent("a1", PATIENT);
  }

  @AfterEach
  void stop() {
    agent.close();
    fleet.close();
  }

  private static CompletableFuture<Reset> cancelled(FleetAgent.Taken taken) {
    Cancelled listener = new Cancelled(taken.stream());
    taken.stream().listen(listener);
    return listener.reset;
  }

  private AuditEvent last() {
    return fleet.audit.events().get(fleet.audit.events().size() - 1);
  }

  @Test
  void aRequestWithoutAnAnswerEndsAfterAMinuteForTheUserAndInTheCluster() throws Exception {
    UserStream asked = fleet.get("alice", PODS);
    CompletableFuture<Reset> cancelled = cancelled(agent.next());
    fleet.time.advance(Duration.ofSeconds(60));
    assertThat(asked.head).as("the cluster has its own say first").isNotDone();
    fleet.time.advance(Duration.ofMillis(1_200));
    assertThat(asked.status()).isEqualTo(504);
    assertThat(asked.answer()).contains("\"kind\":\"Status\"", "\"reason\":\"Timeout\"");
    assertThat(UserStream.within(cancelled)).isEqualTo(Reset.CANCEL);
    fleet.awaitEnded(1);
    assertThat(last().responseCode()).isEqualTo(504);
    assertThat(last().annotations()).containsKey("fairlead.dev/timeout");
  }

  @ParameterizedTest
  @CsvSource({"5s,6200", "1500ms,2700", "0.5m,31200", "3m,61200", "0s,61200", "-5s,61200"})
  void timeoutSaysHowLong(String timeout, long millis) throws Exception {
    UserStream asked = fleet.get("alice", PODS + "?timeout=" + timeout);
    agent.next();
    fleet.time.advance(Duration.ofMillis(millis - 1_000));
    assertThat(asked.head).isNotDone();
    fleet.time.advance(Duration.ofSeconds(1));
    assertThat(asked.status()).isEqualTo(504);
  }

  @ParameterizedTest
  @ValueSource(strings = {"soon", "5", "5s5", "1e9s", "9999999999999h", "s", "5 s"})
  void whatIsNoDurationIsABadRequest(String timeout) {
    UserStream asked = fleet.get("alice", PODS + "?timeout=" + timeout.replace(" ", "%20"));
    assertThat(asked.status()).isEqualTo(400);
    assertThat(asked.answer()).contains("timeout: no duration");
    assertThat(agent.count).hasValue(0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        PODS + "?watch=true&timeout=5s",
        PODS + "/web/log?follow=true",
        PODS + "/web/exec?command=sh",
        PODS + "/web/proxy/slow"
      })
  void whatLastsMayLast(String path) throws Exception {
    UserStream asked = fleet.get("alice", path);
    FleetAgent.Taken taken = agent.next();
    fleet.time.advance(A_MINUTE_AND_GRACE);
    taken.answer("at last");
    assertThat(asked.answer()).isEqualTo("at last");
  }

  @Test
  void anAnswerInTimeIsNotTouched() throws Exception {
    UserStream asked = fleet.get("alice", PODS);
    agent.next().answer("pods");
    assertThat(asked.answer()).isEqualTo("pods");
    fleet.awaitEnded(1);
    fleet.time.advance(A_MINUTE_AND_GRACE);
    assertThat(last().responseCode()).isEqualTo(200);
  }

  @Test
  void anAnswerThatIsNotWholeByThenIsCutOff() throws Exception {
    UserStream asked = fleet.get("alice", PODS);
    FleetAgent.Taken taken = agent.next();
    CompletableFuture<Reset> cancelled = cancelled(taken);
    taken.begin();
    assertThat(asked.status()).isEqualTo(200);
    fleet.time.advance(A_MINUTE_AND_GRACE);
    assertThat(UserStream.within(asked.reset)).isNotNull();
    UserStream.within(cancelled);
  }

  @Test
  void aDecisionThatDoesNotComeIsNotWaitedForEither() throws Exception {
    CompletableFuture<Decision> undecided = new CompletableFuture<>();
    fleet.authorizer = request -> undecided;
    UserStream asked = fleet.get("alice", PODS);
    fleet.time.advance(A_MINUTE_AND_GRACE);
    assertThat(asked.status()).isEqualTo(504);
    undecided.complete(new Decision.Allowed("late", "late"));
    fleet.authorizer =
        request -> CompletableFuture.completedStage(new Decision.Allowed("all", "all"));
    UserStream next = fleet.get("alice", PODS);
    agent.next().answer("the next one's");
    assertThat(next.answer()).isEqualTo("the next one's");
    assertThat(agent.count).as("what came too late was not sent").hasValue(1);
  }

  @Test
  void aBodyWithoutEndIsRefused() throws Exception {
    UserStream asked = fleet.ask("alice", "POST", "dev", PODS, false);
    FleetAgent.Taken taken = agent.next();
    CompletableFuture<Reset> cancelled = cancelled(taken);
    String chunk = "x".repeat(1 << 20);
    for (int sent = 0; sent <= 16; sent++) {
      asked.send(chunk, false);
    }
    assertThat(asked.status()).isEqualTo(413);
    UserStream.within(cancelled);
  }

  /** Takes whatever comes, and tells of the early end. */
  private static final class Cancelled implements HttpStream.Listener {
    private final CompletableFuture<Reset> reset = new CompletableFuture<>();
    private final HttpStream stream;

    Cancelled(HttpStream stream) {
      this.stream = stream;
    }

    @Override
    public void onHead(Http2Headers head, boolean end) {
      // It came with the exchange.
    }

    @Override
    public void onData(ByteBuf data, boolean end) {
      int bytes = data.readableBytes();
      data.release();
      stream.consume(bytes);
    }

    @Override
    public void onTrailers(Http2Headers trailers) {
      // None are sent.
    }

    @Override
    public void onReset(Reset reason) {
      reset.complete(reason);
    }

    @Override
    public void onSent(int bytes) {
      // Little is sent.
    }
  }
}
