package dev.fairlead.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.ClusterStatus;
import dev.fairlead.api.FleetWatch;
import dev.fairlead.api.Identity;
import dev.fairlead.api.auth.Authentication;
import dev.fairlead.api.auth.Decision;
import dev.fairlead.core.audit.MemoryAuditSink;
import dev.fairlead.core.http.Heads;
import dev.fairlead.core.http.HttpStream;
import dev.fairlead.core.http.LinkSettings;
import dev.fairlead.core.http.Reset;
import dev.fairlead.core.hub.FairleadHub;
import dev.fairlead.core.hub.HubSettings;
import dev.fairlead.core.memory.InMemoryTransport;
import dev.fairlead.core.tls.Handshakes;
import dev.fairlead.testkit.ManualTime;
import dev.fairlead.testkit.raw.RawClient;
import dev.fairlead.testkit.raw.RawHttp2Client;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients that take their time, and what they are granted of it. */
final class SlowClientTest {

  private static final String LIVEZ = "GET /livez HTTP/1.1\r\nHost: h\r\n\r\n";
  private static final String PODS = "/clusters/dev/api/v1/namespaces/x/pods";
  private static final String ALICE = "Host: h\r\nAuthorization: Bearer alice\r\n";

  private final ManualTime time = ManualTime.at(Instant.now());
  private final InMemoryTransport memory = InMemoryTransport.create();
  private final FairleadHub hub =
      FairleadHub.builder()
          .transport(memory.hub())
          .authenticator(
              credential ->
                  CompletableFuture.completedStage(
                      new Authentication.Authenticated(Identity.user("alice"), "test", null)))
          .authorizer(
              request -> CompletableFuture.completedStage(new Decision.Allowed("all", "all")))
          .audit(new MemoryAuditSink(1_000))
          .keepInMemory()
          .settings(
              HubSettings.defaults().withTunnel(LinkSettings.TUNNEL.withLiveness(Duration.ZERO)))
          .drainFor(Duration.ZERO)
          .time(time)
          .build();
  private final Gateway gateway =
      Gateway.builder(hub)
          .listen("127.0.0.1", 0)
          .tlsByHub("127.0.0.1")
          .drainFor(Duration.ZERO)
          .build();
  private ScriptedAgent agent;

  @BeforeEach
  void start() throws InterruptedException {
    hub.start();
    gateway.start();
    hub.fleet().add(ClusterName.of("dev"), Map.of());
    agent = new ScriptedAgent(memory, "dev", "a1");
    try (FleetWatch watch = hub.fleet().watch()) {
      while (hub.cluster("dev").status() != ClusterStatus.CONNECTED) {
        assertThat(watch.next(Duration.ofSeconds(30))).isPresent();
      }
    }
  }

  @AfterEach
  void stop() {
    agent.close();
    gateway.close();
    hub.close();
  }

  private RawClient connect() throws Exception {
    return RawClient.connect(hub.caCertificate(), gateway.port());
  }

  private void assertOthersAreServed() throws Exception {
    try (RawClient other = connect()) {
      assertThat(other.send(LIVEZ).response()).startsWith("HTTP/1.1 200");
    }
  }

  /** The front door may be about to set its timer, so time moves on until it fires. */
  private void assertCutOffAfter(Duration patience, RawClient client) throws IOException {
    for (int i = 0; i < 200; i++) {
      time.advance(patience.plusMillis(1));
      if (client.isClosedWithin(100)) {
        return;
      }
    }
    throw new AssertionError("still open");
  }

  @Test
  void headThatDoesNotComeWhole() throws Exception {
    try (RawClient client = connect()) {
      client.send("GET /livez HTTP/1.1\r\nHost: h\r\nX-Slow: ");
      assertOthersAreServed();
      assertCutOffAfter(SlowHttp1.FIRST_HEAD, client);
    }
  }

  @Test
  void connectionThatIsKeptForNothing() throws Exception {
    try (RawClient client = connect()) {
      assertThat(client.send(LIVEZ).response()).startsWith("HTTP/1.1 200");
      time.advance(SlowHttp1.IDLE.dividedBy(2));
      assertThat(client.send(LIVEZ).response()).as("it may be used again").contains("200");
      assertCutOffAfter(SlowHttp1.IDLE, client);
    }
  }

  @Test
  void bodyThatDoesNotCome() throws Exception {
    try (RawClient client = connect()) {
      client.send("POST " + PODS + " HTTP/1.1\r\n" + ALICE + "Content-Length: 100\r\n\r\n{");
      CompletableFuture<Reset> reset = reset(agent.next());
      time.advance(SlowHttp1.BODY.minusSeconds(1));
      client.send("}");
      assertOthersAreServed();
      assertCutOffAfter(SlowHttp1.BODY, client);
      assertThat(reset.get(30, TimeUnit.SECONDS)).isNotNull();
    }
  }

  @Test
  void answerThatIsNotRead() throws Exception {
    try (RawClient client = connect()) {
      client.send("GET " + PODS + " HTTP/1.1\r\n" + ALICE + "\r\n");
      ScriptedAgent.Taken taken = agent.next();
      CompletableFuture<Reset> reset = reset(taken);
      taken.stream().sendHead(Heads.create().status("200"), false);
      for (int megabytes = 0; megabytes < 64; megabytes++) {
        taken.stream().sendData(Unpooled.wrappedBuffer(new byte[1 << 20]), false);
      }
      assertOthersAreServed();
      for (int i = 0; i < 200 && !reset.isDone(); i++) {
        time.advance(Duration.ofSeconds(62));
        try {
          reset.get(100, TimeUnit.MILLISECONDS);
        } catch (java.util.concurrent.TimeoutException e) {
          continue;
        }
      }
      assertThat(reset).isDone();
      assertThat(client.rest().length()).isLessThan(64 << 20);
    }
  }

  @Test
  void watchThatIsSilentIsNotSlow() throws Exception {
    try (RawClient client = connect()) {
      client.send("GET " + PODS + "?watch=true HTTP/1.1\r\n" + ALICE + "\r\n");
      ScriptedAgent.Taken taken = agent.next();
      taken.stream().sendHead(Heads.create().status("200").set("content-length", "2"), false);
      assertThat(client.head()).startsWith("HTTP/1.1 200");
      time.advance(Duration.ofSeconds(100));
      assertOthersAreServed();
      taken.stream().sendData(Unpooled.wrappedBuffer(new byte[] {'h', 'i'}), true);
      assertThat(client.read(2)).isEqualTo("hi");
    }
  }

  @Test
  void http2ConnectionWithoutARequest() throws Exception {
    try (RawHttp2Client client = RawHttp2Client.connect(hub.caCertificate(), gateway.port())) {
      assertOthersAreServed();
      for (int i = 0; i < 200 && !client.isClosedWithin(100); i++) {
        time.advance(SlowHttp1.FIRST_HEAD.plusMillis(1));
      }
      assertThat(client.isClosedWithin(100)).isTrue();
    }
  }

  @Test
  void handshakeThatDoesNotBegin() throws Exception {
    try (Socket silent = new Socket("127.0.0.1", gateway.port())) {
      silent.setSoTimeout(100);
      assertOthersAreServed();
      for (int i = 0; i < 200 && !RawClient.isClosed(silent); i++) {
        time.advance(Handshakes.LONGEST.plusMillis(1));
      }
      assertThat(RawClient.isClosed(silent)).isTrue();
    }
  }

  @Test
  void floodOfHandshakesKeepsNobodyOut() throws Exception {
    List<Socket> flood = new ArrayList<>();
    try {
      for (int i = 0; i < 600; i++) {
        flood.add(new Socket("127.0.0.1", gateway.port()));
      }
      assertOthersAreServed();
      Socket oldest = flood.get(0);
      oldest.setSoTimeout(30_000);
      assertThat(RawClient.isClosed(oldest)).isTrue();
    } finally {
      for (Socket one : flood) {
        one.close();
      }
    }
  }

  private static CompletableFuture<Reset> reset(ScriptedAgent.Taken taken) {
    CompletableFuture<Reset> reset = new CompletableFuture<>();
    taken.stream()
        .listen(
            new HttpStream.Listener() {
              @Override
              public void onHead(Http2Headers head, boolean end) {
                // It came with the exchange.
              }

              @Override
              public void onData(ByteBuf data, boolean end) {
                int bytes = data.readableBytes();
                data.release();
                taken.stream().consume(bytes);
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
                // How much leaves is the hub's affair.
              }
            });
    return reset;
  }
}
