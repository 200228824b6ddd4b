package dev.fairlead.testkit.tunnel;

import static dev.fairlead.testkit.tunnel.TunnelPair.next;
import static dev.fairlead.testkit.tunnel.TunnelPair.request;
import static dev.fairlead.testkit.tunnel.TunnelPair.within;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.api.Identity;
import dev.fairlead.api.LimitException;
import dev.fairlead.api.TransportException;
import dev.fairlead.core.http.Heads;
import dev.fairlead.core.http.HttpStream;
import dev.fairlead.core.http.LinkSettings;
import dev.fairlead.core.http.Reset;
import dev.fairlead.core.tunnel.AgentReport;
import dev.fairlead.core.tunnel.HubTunnel;
import dev.fairlead.core.tunnel.Switching;
import dev.fairlead.testkit.tunnel.TunnelPair.Taken;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a tunnel does, whatever the transport below. */
final class TunnelTest {

  private static final int WINDOW = LinkSettings.TUNNEL.streamWindow();

  private TunnelPair pair = new TunnelPair();

  @AfterEach
  void close() {
    pair.close();
  }

  @Test
  void identityTravelsBesideTheHeadersUnchanged() throws Exception {
    List<String> groups =
        IntStream.range(0, 500).mapToObj(i -> "group-with-a-longer-name:" + i).toList();
    Identity identity =
        new Identity(
            "oidc:Jürgen,O=x%41",
            "uid=1 2",
            groups,
            Map.of("example.com/scopes", List.of("a=b", "ü"), "k%", List.of("v")));
    pair.open(identity, request("GET", "/api/v1/pods?x=%2F"), true, Recorded.eager());

    Taken taken = next(pair.taken);
    assertThat(taken.head().identity()).isEqualTo(identity);
    assertThat(taken.head().auditId()).isEqualTo("audit-1");
    assertThat(taken.head().head().path()).hasToString("/api/v1/pods?x=%2F");
    assertThat(taken.end()).isTrue();
  }

  @Test
  void fieldsOfTheUserNeverBecomeIdentity() throws Exception {
    Http2Headers head =
        request("GET", "/")
            .add("fairlead-user", "root")
            .add("impersonate-user", "root")
            .add("x-remote-user", "root");
    pair.open(head, true, Recorded.eager());

    Taken taken = next(pair.taken);
    assertThat(taken.head().identity()).isEqualTo(TunnelPair.ALICE);
    assertThat(taken.head().head().get("fairlead-user")).hasToString("root");
  }

  @Test
  void aHeadWithControlCharactersIsRefused() {
    Recorded response = Recorded.eager();
    pair.open(request("GET", "/").add("x", "a\r\nimpersonate-user: root"), true, response);

    assertThat(within(response.reset)).isEqualTo(Reset.PROTOCOL);
    assertThat(pair.taken).isEmpty();
  }

  @Test
  void bodiesPassWholeInBothDirections() throws Exception {
    byte[] sent = new byte[8 << 20];
    new Random(1).nextBytes(sent);
    Recorded response = Recorded.eager();
    HttpStream request = pair.open(request("POST", "/"), false, response);
    response.of(request);
    request.sendData(Unpooled.wrappedBuffer(sent), true);

    HttpStream atAgent = next(pair.taken).stream();
    Recorded received = Recorded.eager().of(atAgent);
    atAgent.listen(received);
    byte[] body = within(received.body);
    assertThat(body).isEqualTo(sent);
    atAgent.sendHead(Heads.create().status("200"), false);
    atAgent.sendData(Unpooled.wrappedBuffer(body), true);
    assertThat(within(response.head).status()).hasToString("200");
    assertThat(within(response.body)).isEqualTo(sent);
  }

  @Test
  void aStalledStreamHoldsItsWindowAndNoMore() throws Exception {
    Recorded stalled = Recorded.stalled();
    pair.open(request("GET", "/"), true, stalled);
    HttpStream atAgent = next(pair.taken).stream();
    Recorded sender = Recorded.eager().of(atAgent);
    atAgent.listen(sender);
    atAgent.sendHead(Heads.create().status("200"), false);
    for (int i = 0; i < 64; i++) {
      atAgent.sendData(Unpooled.wrappedBuffer(new byte[64 * 1024]), false);
    }
    roundTrip();

    assertThat(stalled.received).hasValueLessThanOrEqualTo(WINDOW);
    assertThat(sender.sent).hasValueLessThanOrEqualTo(WINDOW);
  }

  @Test
  void fiftyStalledStreamsDoNotHoldUpAnother() throws Exception {
    for (int i = 0; i < 50; i++) {
      pair.open(request("GET", "/"), true, Recorded.stalled());
      HttpStream atAgent = next(pair.taken).stream();
      atAgent.listen(Recorded.eager().of(atAgent));
      atAgent.sendHead(Heads.create().status("200"), false);
      atAgent.sendData(Unpooled.wrappedBuffer(new byte[2 * WINDOW]), false);
    }
    Recorded response = Recorded.eager();
    response.of(pair.open(request("GET", "/"), true, response));
    HttpStream atAgent = next(pair.taken).stream();
    atAgent.sendHead(Heads.create().status("200"), false);
    atAgent.sendData(Unpooled.wrappedBuffer(new byte[4 * WINDOW]), true);

    assertThat(within(response.body)).hasSize(4 * WINDOW);
  }

  @Test
  void cancelReachesTheAgent() throws Exception {
    HttpStream request = pair.open(request("GET", "/"), true, Recorded.eager());
    HttpStream atAgent = next(pair.taken).stream();
    Recorded received = Recorded.eager();
    atAgent.listen(received);
    request.reset(Reset.CANCEL);

    assertThat(within(received.reset)).isEqualTo(Reset.CANCEL);
  }

  @Test
  void aResponseThatIsCutShortNeverLooksComplete() throws Exception {
    Recorded response = Recorded.eager();
    response.of(pair.open(request("GET", "/"), true, response));
    HttpStream atAgent = next(pair.taken).stream();
    atAgent.sendHead(Heads.create().status("200"), false);
    atAgent.sendData(Unpooled.wrappedBuffer(new byte[10]), false);
    atAgent.reset(Reset.INTERNAL);

    assertThat(within(response.reset)).isEqualTo(Reset.INTERNAL);
    assertThat(response.body).isNotDone();
  }

  @Test
  void trailersPass() throws Exception {
    Recorded response = Recorded.eager();
    response.of(pair.open(request("GET", "/"), true, response));
    HttpStream atAgent = next(pair.taken).stream();
    atAgent.sendHead(Heads.create().status("200"), false);
    atAgent.sendTrailers(Heads.create().set("x-checksum", "1"));

    assertThat(within(response.trailers).get("x-checksum")).hasToString("1");
  }

  @Test
  void theRequestMayEndBeforeTheResponseBeginsAndAfterItEnded() throws Exception {
    Recorded response = Recorded.eager();
    HttpStream request = pair.open(request("POST", "/"), false, response);
    response.of(request);
    request.sendData(Unpooled.EMPTY_BUFFER, true);
    HttpStream atAgent = next(pair.taken).stream();
    Recorded received = Recorded.eager().of(atAgent);
    atAgent.listen(received);
    assertThat(within(received.body)).isEmpty();
    atAgent.sendHead(Heads.create().status("200"), true);
    assertThat(within(response.body)).isEmpty();

    Recorded early = Recorded.eager();
    HttpStream unfinished = pair.open(request("POST", "/"), false, early);
    early.of(unfinished);
    next(pair.taken).stream().sendHead(Heads.create().status("413"), true);
    assertThat(within(early.body)).isEmpty();
    unfinished.sendData(Unpooled.wrappedBuffer(new byte[10]), true);
    roundTrip();
  }

  @Test
  void anAcceptedUpgradeIsA101AtTheHubOnly() throws Exception {
    Recorded response = Recorded.eager();
    HttpStream request =
        pair.open(request("POST", "/").set(Heads.PROTOCOL, "SPDY/3.1"), false, response);
    response.of(request);
    Taken taken = next(pair.taken);
    assertThat(taken.head().protocol()).isEqualTo("SPDY/3.1");
    Recorded received = Recorded.eager().of(taken.stream());
    taken.stream().listen(received);
    taken.stream().sendHead(Switching.encode(Heads.create(), "SPDY/3.1"), false);
    taken.stream().sendData(ascii("from the cluster"), false);
    request.sendData(ascii("from the user"), true);
    assertThat(within(received.body)).asString().isEqualTo("from the user");
    taken.stream().sendData(ascii("!"), true);

    Http2Headers seen = HubTunnel.toRequester(within(response.head));
    assertThat(seen.status()).hasToString("101");
    assertThat(seen.get("upgrade")).hasToString("SPDY/3.1");
    assertThat(within(response.body)).asString().isEqualTo("from the cluster!");
  }

  @Test
  void aStreamTooManyIsRefusedAtOnce() throws Exception {
    pair.close();
    pair = new TunnelPair(LinkSettings.TUNNEL.withMaxStreams(3));
    pair.open(request("GET", "/"), true, Recorded.eager());
    pair.open(request("GET", "/"), true, Recorded.eager());

    // The agent's report is the third stream.
    assertThatThrownBy(() -> pair.open(request("GET", "/"), true, Recorded.eager()))
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(LimitException.class)
        .hasMessageContaining("3 are open");
  }

  @Test
  void aStormOfCancelsDoesNotCloseTheTunnel() throws Exception {
    for (int i = 0; i < 2_000; i++) {
      HttpStream stream = pair.open(request("GET", "/"), true, Recorded.eager());
      stream.reset(Reset.CANCEL);
    }
    roundTrip();

    assertThat(pair.hubClosed).isNotDone();
  }

  @Test
  void aStormOfResetsThatTheAgentItselfSendsDoesNotCloseTheTunnel() throws Exception {
    for (int i = 0; i < 2_000; i++) {
      Recorded response = Recorded.eager();
      pair.open(request("GET", "/"), true, response);
      next(pair.taken).stream().reset(Reset.INTERNAL);
      assertThat(within(response.reset)).isEqualTo(Reset.INTERNAL);
    }
    roundTrip();

    assertThat(pair.hubClosed).isNotDone();
    assertThat(pair.agentClosed).isNotDone();
  }

  @Test
  void cancelsAThousandASecondCloseNoTunnelAndLeaveNoStreamBehind() throws Exception {
    for (int i = 0; i < 10_000; i++) {
      HttpStream stream = pair.open(request("GET", "/"), true, Recorded.eager());
      if (i % 2 == 0) {
        next(pair.taken).stream().sendHead(Heads.create().status("200"), false);
      }
      stream.reset(Reset.CANCEL);
      if (i % 2 == 1) {
        next(pair.taken);
      }
    }
    roundTrip();

    assertThat(pair.hubClosed).isNotDone();
    assertThat(pair.agentClosed).isNotDone();
    // The agent's report; the last exchange may be ending still.
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (pair.hub.activeExchanges() != 1 || pair.agent.activeExchanges() != 1) {
      assertThat(System.nanoTime()).as("deadline: streams are left").isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  @Test
  void theAgentsReportReachesTheHub() throws Exception {
    assertThat(next(pair.reports)).isEqualTo(AgentReport.UNKNOWN);
    pair.agent.report(new AgentReport(false, null));
    assertThat(next(pair.reports)).isEqualTo(new AgentReport(false, null));
    pair.agent.report(new AgentReport(true, "v1.33.1"));
    assertThat(next(pair.reports)).isEqualTo(new AgentReport(true, "v1.33.1"));
  }

  @Test
  void aDrainedAgentEndsItsExchangesAndTakesNoOthers() throws Exception {
    Recorded response = Recorded.eager();
    response.of(pair.open(request("GET", "/"), true, response));
    HttpStream atAgent = next(pair.taken).stream();
    pair.agent.drain();
    within(pair.hubDraining);

    assertThat(pair.hub.takesExchanges()).isFalse();
    assertThatThrownBy(() -> pair.open(request("GET", "/"), true, Recorded.eager()))
        .hasCauseInstanceOf(TransportException.class);
    atAgent.sendHead(Heads.create().status("200"), false);
    atAgent.sendData(ascii("whole"), true);
    assertThat(within(response.body)).asString().isEqualTo("whole");
    assertThat(within(pair.hubClosed)).isNull();
    assertThat(within(pair.agentClosed)).isNull();
  }

  @Test
  void aTunnelTheHubDrainsTellsTheAgentAndClosesAfterItsLastExchange() throws Exception {
    Recorded response = Recorded.eager();
    response.of(pair.open(request("GET", "/"), true, response));
    HttpStream atAgent = next(pair.taken).stream();
    pair.hub.drain();
    within(pair.agentDraining);
    assertThat(pair.agentClosed).isNotDone();
    atAgent.sendHead(Heads.create().status("200"), true);

    assertThat(within(response.body)).isEmpty();
    assertThat(within(pair.hubClosed)).isNull();
  }

  @Test
  void exchangesEndAbruptlyWithTheTunnel() throws Exception {
    List<Recorded> responses = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      Recorded response = Recorded.eager();
      pair.open(request("GET", "/"), true, response);
      responses.add(response);
    }
    Recorded request = Recorded.eager();
    next(pair.taken).stream().listen(request);
    pair.agent.abort(new TransportException("the network is gone"));

    for (Recorded response : responses) {
      assertThat(within(response.reset)).isEqualTo(Reset.CONNECTION_LOST);
      assertThat(response.afterTheEnd).hasValue(0);
    }
    assertThat(within(request.reset)).isEqualTo(Reset.CONNECTION_LOST);
  }

  @Test
  void aPeerThatAnswersIsAlive() throws Exception {
    for (int i = 0; i < 20; i++) {
      pair.time.advance(LinkSettings.LIVENESS);
      roundTrip();
    }
    assertThat(pair.hubClosed).isNotDone();
    assertThat(pair.time.instant())
        .isAfter(dev.fairlead.testkit.ManualTime.START.plus(Duration.ofSeconds(30)));
  }

  /** A whole exchange: whatever was sent before it has arrived when it is over. */
  private void roundTrip() throws InterruptedException {
    Recorded response = Recorded.eager();
    pair.open(request("GET", "/round-trip"), true, response);
    Taken taken = next(pair.taken);
    while (!"/round-trip".contentEquals(String.valueOf(taken.head().head().path()))) {
      taken = next(pair.taken);
    }
    taken.stream().sendHead(Heads.create().status("204"), true);
    within(response.body);
  }

  private static io.netty.buffer.ByteBuf ascii(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
  }
}
