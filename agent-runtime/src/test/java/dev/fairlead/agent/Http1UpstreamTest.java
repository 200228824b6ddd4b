package dev.fairlead.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.api.Identity;
import dev.fairlead.api.metrics.FairleadMetrics;
import dev.fairlead.api.metrics.Metric;
import dev.fairlead.core.http.Heads;
import dev.fairlead.core.http.Reset;
import dev.fairlead.core.metrics.MemoryMetrics;
import dev.fairlead.core.time.SystemTime;
import dev.fairlead.core.tunnel.HubTunnel;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * An API server without HTTP/2, and upgrades, which are HTTP/1.1 whatever the API server speaks.
 */
class Http1UpstreamTest {

  private static final String EXEC = "/api/v1/namespaces/shop/pods/web/exec?command=sh";

  private final SystemTime time = new SystemTime();
  private final TestHub hub = new TestHub(time);
  private final CompletableFuture<String> seenHead = new CompletableFuture<>();
  private final MemoryMetrics metrics = new MemoryMetrics();
  private RawApiServer api;
  private FairleadAgent agent;

  private TestHub.Tunnel connect(RawApiServer.Script script) throws Exception {
    api = new RawApiServer(script);
    agent =
        FairleadAgent.builder()
            .dial(hub.local())
            .withoutCredentials()
            .cluster(api.address())
            .metrics(metrics)
            .drainFor(Duration.ZERO)
            .build();
    agent.start();
    return hub.tunnel();
  }

  @AfterEach
  void close() throws Exception {
    agent.close();
    api.close();
    hub.close();
    time.close();
    assertThat(api.failures).isEmpty();
    for (Metric gauge :
        List.of(
            FairleadMetrics.LINKS_OPEN,
            FairleadMetrics.STREAMS_OPEN,
            FairleadMetrics.BYTES_BUFFERED,
            FairleadMetrics.WINDOW_BYTES)) {
      assertThat(metrics.value(gauge, "upstream")).as(gauge.name()).isZero();
    }
  }

  private static ByteBuf bytes(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
  }

  private static Answer exec(TestHub.Tunnel tunnel) {
    return tunnel.send(
        Identity.user("bob"),
        TestHub.request("POST", EXEC)
            .set(Heads.PROTOCOL, "SPDY/3.1")
            .set("content-length", "0")
            .set("authorization", "Bearer stolen")
            .add("x-stream-protocol-version", "v4.channel.k8s.io")
            .add("x-stream-protocol-version", "v3.channel.k8s.io"),
        false,
        new Answer());
  }

  @Test
  void upgradeKeepsEarlyBytesOfBothSidesAndHalfCloses() throws Exception {
    CompletableFuture<String> rest = new CompletableFuture<>();
    TestHub.Tunnel tunnel =
        connect(
            (head, connection) -> {
              seenHead.complete(head);
              connection.send(
                  "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n"
                      + "X-Stream-Protocol-Version: v4.channel.k8s.io\r\n\r\nearly server");
              assertThat(connection.receive(12)).isEqualTo("early client");
              connection.send("more");
              // The agent ends its direction; ours goes on.
              assertThat(connection.in().read()).isEqualTo(-1);
              connection.send("last words");
              connection.socket().close();
              rest.complete("done");
            });
    Answer answer = exec(tunnel);
    answer.stream.sendData(bytes("early client"), false);
    Http2Headers head = HubTunnel.toRequester(answer.head());
    assertThat(head.status()).hasToString("101");
    assertThat(head.get("upgrade")).hasToString("SPDY/3.1");
    assertThat(head.get("x-stream-protocol-version")).hasToString("v4.channel.k8s.io");
    StringBuilder received = new StringBuilder();
    while (received.length() < 16) {
      received.append(answer.chunk());
    }
    assertThat(received).hasToString("early servermore");
    answer.stream.sendData(Unpooled.EMPTY_BUFFER, true);
    assertThat(answer.body()).isEqualTo("early servermorelast words");
    assertThat(metrics.value(FairleadMetrics.BYTES_RECEIVED, "upstream"))
        .isGreaterThanOrEqualTo("early servermorelast words".length());
    assertThat(metrics.value(FairleadMetrics.BYTES_SENT, "upstream"))
        .isEqualTo("early client".length());
    assertThat(Answer.soon(rest)).isEqualTo("done");
    String request = seenHead.get();
    assertThat(request)
        .startsWith("POST /k8s/clusters/c-1" + EXEC + " HTTP/1.1\r\n")
        .containsIgnoringCase("\r\nconnection: upgrade\r\n")
        .containsIgnoringCase("\r\nupgrade: SPDY/3.1\r\n")
        .contains("\r\nimpersonate-user: bob\r\n")
        .contains(
            "x-stream-protocol-version: v4.channel.k8s.io\r\n"
                + "x-stream-protocol-version: v3.channel.k8s.io\r\n")
        .doesNotContain("stolen");
  }

  @Test
  void lengthThatAProxyGivesAnUpgradeMeansNothing() throws Exception {
    TestHub.Tunnel tunnel =
        connect(
            (head, connection) -> {
              connection.send(
                  "HTTP/1.1 101 Switching Protocols\r\nContent-Length: 0\r\n"
                      + "Connection: Upgrade\r\nUpgrade: SPDY/3.1\r\n\r\n");
              connection.send(connection.receive(4) + " pong");
              connection.socket().close();
            });
    Answer answer = exec(tunnel);
    answer.stream.sendData(bytes("ping"), false);
    Http2Headers head = HubTunnel.toRequester(answer.head());
    assertThat(head.status()).hasToString("101");
    assertThat(head.contains("content-length")).isFalse();
    assertThat(answer.body()).isEqualTo("ping pong");
  }

  @Test
  void refusedUpgradeIsRelayedAndTheConnectionIsNotUsedAgain() throws Exception {
    CompletableFuture<Integer> next = new CompletableFuture<>();
    TestHub.Tunnel tunnel =
        connect(
            (head, connection) -> {
              connection.send(
                  "HTTP/1.1 403 Forbidden\r\nX-Accepted-Stream-Protocol-Versions: v4\r\n"
                      + "Content-Length: 6\r\n\r\ndenied");
              next.complete(connection.in().read());
            });
    Answer answer = exec(tunnel);
    answer.stream.sendData(bytes("GET /api/v1/secrets HTTP/1.1\r\nHost: x\r\n\r\n"), false);
    assertThat(answer.status()).isEqualTo("403");
    assertThat(answer.head().get("x-accepted-stream-protocol-versions")).hasToString("v4");
    assertThat(answer.body()).isEqualTo("denied");
    assertThat(Answer.soon(next)).isEqualTo(-1);
  }

  @Test
  void redirectOfAnUpgradeAndUnaskedSwitchAreBadGateways() throws Exception {
    TestHub.Tunnel tunnel =
        connect(
            (head, connection) ->
                connection.send(
                    head.startsWith("POST")
                        ? "HTTP/1.1 302 Found\r\nLocation: https://169.254.169.254/\r\n"
                            + "Content-Length: 0\r\n\r\n"
                        : "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n"
                            + "Upgrade: SPDY/3.1\r\n\r\nsmuggled"));
    Answer redirected = exec(tunnel);
    assertThat(redirected.status()).isEqualTo("502");
    assertThat(redirected.body()).contains("\"kind\":\"Status\"");
    Answer unasked = tunnel.get("/api/v1/pods");
    assertThat(unasked.status()).isEqualTo("502");
    assertThat(unasked.body()).doesNotContain("smuggled");
  }

  @Test
  void serverThatIsCutOffAfterTheSwitchIsAnAbort() throws Exception {
    TestHub.Tunnel tunnel =
        connect(
            (head, connection) -> {
              connection.send(
                  "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n"
                      + "Upgrade: SPDY/3.1\r\n\r\nhalf");
              connection.receive(2);
              connection.cut();
            });
    Answer answer = exec(tunnel);
    assertThat(answer.chunk()).isEqualTo("half");
    answer.stream.sendData(bytes("ok"), false);
    answer.reset();
    assertThat(answer.end).isNotDone();
  }

  @Test
  void userWhoVanishesFromAnUpgradeLooksLikeThatToTheServer() throws Exception {
    CompletableFuture<Throwable> seen = new CompletableFuture<>();
    TestHub.Tunnel tunnel =
        connect(
            (head, connection) -> {
              connection.send(
                  "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n"
                      + "Upgrade: SPDY/3.1\r\n\r\n");
              try {
                connection.in().read();
                seen.complete(null);
              } catch (java.io.IOException e) {
                seen.complete(e);
              }
            });
    Answer answer = exec(tunnel);
    answer.head();
    answer.stream.reset(Reset.CANCEL);
    assertThat(Answer.soon(seen)).isInstanceOf(java.io.IOException.class);
  }

  @Test
  void truncatedBodiesAreAborts() throws Exception {
    TestHub.Tunnel tunnel =
        connect(
            (head, connection) -> {
              if (head.contains("/fixed")) {
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
                connection.socket().close();
              } else if (head.contains("/chunked")) {
                connection.send(
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n");
                connection.socket().close();
              } else {
                connection.send("HTTP/1.1 200 OK\r\n\r\nhalf");
                connection.cut();
              }
            });
    for (String path : new String[] {"/fixed", "/chunked", "/until-close"}) {
      Answer answer = tunnel.get(path);
      assertThat(answer.status()).isEqualTo("200");
      answer.reset();
      assertThat(answer.end).as(path).isNotDone();
    }
  }

  @Test
  void framingsOfResponsesAreUnderstoodAndConnectionsUsedAgain() throws Exception {
    TestHub.Tunnel tunnel =
        connect(
            (head, connection) -> {
              if (head.contains("/chunked")) {
                connection.send(
                    "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\n"
                        + "Transfer-Encoding: chunked\r\nTrailer: X-T\r\n\r\n3\r\none\r\n3;a=b\r\ntwo"
                        + "\r\n0\r\nX-T: 7\r\n\r\n");
              } else if (head.startsWith("HEAD")) {
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
              } else if (head.contains("/none")) {
                connection.send("HTTP/1.1 204 No Content\r\n\r\n");
              } else {
                connection.send("HTTP/1.1 200 OK\r\n\r\nuntil close");
                connection.socket().close();
              }
            });
    Answer chunked = tunnel.get("/chunked");
    assertThat(chunked.body()).isEqualTo("onetwo");
    assertThat(Answer.soon(chunked.trailers).get("x-t")).hasToString("7");
    assertThat(chunked.head().contains("transfer-encoding")).isFalse();
    Answer none = tunnel.get("/none");
    assertThat(none.status()).isEqualTo("204");
    assertThat(none.body()).isEmpty();
    Answer head =
        tunnel.send(Identity.user("bob"), TestHub.request("HEAD", "/x"), true, new Answer());
    assertThat(head.body()).isEmpty();
    assertThat(head.head().get("content-length")).hasToString("1000");
    assertThat(tunnel.get("/until-close").body()).isEqualTo("until close");
    assertThat(api.accepted.get()).isLessThanOrEqualTo(2);
  }

  @Test
  void bodyThatIsNotAsLongAsItSaysNeverReachesTheNextRequest() throws Exception {
    java.util.Queue<String> heads = new java.util.concurrent.ConcurrentLinkedQueue<>();
    TestHub.Tunnel tunnel =
        connect(
            (head, connection) -> {
              heads.add(head);
              if (head.startsWith("GET")) {
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
              } else {
                connection.receive(2);
              }
            });
    Answer answer =
        tunnel.send(
            Identity.user("bob"),
            TestHub.request("POST", "/api/v1/pods").set("content-length", "2"),
            false,
            new Answer());
    answer.stream.sendData(
        bytes("okGET /api/v1/secrets HTTP/1.1\r\nHost: x\r\nImpersonate-User: admin\r\n\r\n"),
        true);
    answer.reset();
    assertThat(tunnel.get("/api/v1/pods").body()).isEqualTo("ok");
    assertThat(heads).noneMatch(head -> head.contains("secrets"));
  }

  @Test
  void bodyIsChunkedUnlessItsLengthIsKnown() throws Exception {
    TestHub.Tunnel tunnel =
        connect(
            (head, connection) -> {
              String lower = head.toLowerCase(java.util.Locale.ROOT);
              String body =
                  lower.contains("transfer-encoding: chunked")
                      ? connection.receive("5\r\nhello\r\n0\r\n\r\n".length())
                      : connection.receive(5);
              connection.send(
                  "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
            });
    Answer chunked =
        tunnel.send(Identity.user("bob"), TestHub.request("PUT", "/a"), false, new Answer());
    chunked.stream.sendData(bytes("hello"), true);
    assertThat(chunked.body()).isEqualTo("5\r\nhello\r\n0\r\n\r\n");
    Answer fixed =
        tunnel.send(
            Identity.user("bob"),
            TestHub.request("PUT", "/a").set("content-length", "5"),
            false,
            new Answer());
    fixed.stream.sendData(bytes("hello"), true);
    assertThat(fixed.body()).isEqualTo("hello");
  }

  @Test
  void stalledReaderOfAnUpgradeHoldsBoundedBytes() throws Exception {
    CompletableFuture<Long> sent = new CompletableFuture<>();
    java.util.concurrent.atomic.AtomicLong written = new java.util.concurrent.atomic.AtomicLong();
    TestHub.Tunnel tunnel =
        connect(
            (head, connection) -> {
              if (!head.startsWith("POST")) {
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                return;
              }
              connection.send(
                  "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n"
                      + "Upgrade: SPDY/3.1\r\n\r\n");
              byte[] chunk = new byte[64 * 1024];
              try {
                while (true) {
                  connection.out().write(chunk);
                  written.addAndGet(chunk.length);
                }
              } catch (java.io.IOException closed) {
                sent.complete(written.get());
              }
            });
    Answer stalled =
        tunnel.send(
            Identity.user("bob"),
            TestHub.request("POST", EXEC).set(Heads.PROTOCOL, "SPDY/3.1"),
            false,
            new Answer(false));
    assertThat(stalled.head().status()).hasToString("200");
    for (int i = 0; i < 50; i++) {
      assertThat(tunnel.get("/api/v1/pods").body()).isEqualTo("ok");
    }
    assertThat(stalled.received.get()).isLessThanOrEqualTo(256 * 1024);
    stalled.stream.reset(Reset.CANCEL);
    // Sockets buffer some megabytes of their own; without a bound it would be gigabytes.
    assertThat(Answer.soon(sent)).isLessThan(32L * 1024 * 1024);
  }
}
