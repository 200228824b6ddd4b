package dev.fairlead.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.api.metrics.FairleadMetrics;
import dev.fairlead.api.metrics.Metric;
import dev.fairlead.core.http.Heads;
import dev.fairlead.core.http.HttpStream;
import dev.fairlead.core.tunnel.Switching;
import dev.fairlead.testkit.raw.RawClient;
import dev.fairlead.testkit.raw.RawHttp2Client;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the front door counts and measures. */
final class DoorMetricsTest {

  private static final String DOOR = "front_door";
  private static final String PODS = "/clusters/dev/api/v1/namespaces/x/pods";
  private static final long PATIENCE = Duration.ofSeconds(30).toNanos();
  private static final int LARGE = 16 << 20;

  private GatewayFixture fixture;

  @BeforeEach
  void start() throws Exception {
    fixture = new GatewayFixture();
  }

  @AfterEach
  void stop() {
    fixture.close();
    assertThat(fixture.metrics.value(FairleadMetrics.STREAMS_OPEN, DOOR)).isZero();
  }

  private long value(Metric metric, String... labels) {
    return fixture.metrics.value(metric, labels);
  }

  private long refusals(String reason) {
    return value(FairleadMetrics.REFUSALS, reason);
  }

  private void await(long expected, Metric metric, String... labels) {
    long begun = System.nanoTime();
    while (value(metric, labels) != expected) {
      assertThat(System.nanoTime() - begun)
          .as("%s is %s, not %s", metric.name(), value(metric, labels), expected)
          .isLessThan(PATIENCE);
      LockSupport.parkNanos(1_000_000);
    }
  }

  private void awaitNothingOpen() {
    await(0, FairleadMetrics.LINKS_OPEN, DOOR);
    await(0, FairleadMetrics.STREAMS_OPEN, DOOR);
    await(0, FairleadMetrics.BYTES_BUFFERED, DOOR);
    await(0, FairleadMetrics.WINDOW_BYTES, DOOR);
  }

  @Test
  void connectionsRequestsAndBytesOfHttp1() throws Exception {
    try (RawClient client = fixture.client()) {
      client.send(
          "POST "
              + PODS
              + " HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer alice-token\r\n"
              + "Content-Length: 5\r\n\r\nhello");
      HttpStream stream = fixture.agent.next().stream();
      assertThat(value(FairleadMetrics.LINKS_OPEN, DOOR)).isOne();
      assertThat(value(FairleadMetrics.STREAMS_OPEN, DOOR)).isOne();
      stream.sendHead(Heads.create().status("201").set("content-length", "3"), false);
      stream.sendData(ascii("bye"), true);
      assertThat(client.response()).endsWith("bye");
      await(0, FairleadMetrics.STREAMS_OPEN, DOOR);
      assertThat(value(FairleadMetrics.LINKS_OPEN, DOOR)).isOne();
    }
    awaitNothingOpen();
    assertThat(value(FairleadMetrics.LINKS, DOOR)).isOne();
    assertThat(value(FairleadMetrics.STREAMS, DOOR)).isOne();
    assertThat(value(FairleadMetrics.BYTES_RECEIVED, DOOR)).isEqualTo(5);
    assertThat(value(FairleadMetrics.BYTES_SENT, DOOR)).isEqualTo(3);
  }

  @Test
  void connectionsAndRequestsOfHttp2() throws Exception {
    try (RawHttp2Client client = fixture.http2Client()) {
      client.frame(
          RawHttp2Client.HEADERS,
          RawHttp2Client.END_HEADERS | RawHttp2Client.END_STREAM,
          1,
          RawHttp2Client.block(
              ":method", "GET",
              ":scheme", "https",
              ":authority", "h",
              ":path", PODS,
              "authorization", "Bearer alice-token"));
      HttpStream stream = fixture.agent.next().stream();
      assertThat(value(FairleadMetrics.LINKS_OPEN, DOOR)).isOne();
      assertThat(value(FairleadMetrics.STREAMS_OPEN, DOOR)).isOne();
      stream.sendHead(Heads.create().status("200"), false);
      stream.sendData(ascii("bye"), true);
      assertThat(client.response(1)).isEqualTo("200\nbye");
    }
    awaitNothingOpen();
    assertThat(value(FairleadMetrics.STREAMS, DOOR)).isOne();
    assertThat(value(FairleadMetrics.BYTES_SENT, DOOR)).isEqualTo(3);
  }

  @Test
  void anUpgradedConnectionIsAStreamUntilItEnds() throws Exception {
    try (RawClient client = fixture.client()) {
      client.send(
          "POST "
              + PODS
              + "/p/exec HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer alice-token\r\n"
              + "Connection: Upgrade\r\nUpgrade: SPDY/3.1\r\n\r\n");
      HttpStream stream = fixture.agent.next().stream();
      stream.sendHead(Switching.encode(Heads.create(), "SPDY/3.1"), false);
      assertThat(client.head()).startsWith("HTTP/1.1 101");
      client.send("in");
      stream.sendData(ascii("out"), false);
      assertThat(client.read(3)).isEqualTo("out");
      assertThat(value(FairleadMetrics.STREAMS_OPEN, DOOR)).isOne();
      await(2, FairleadMetrics.BYTES_RECEIVED, DOOR);
      await(3, FairleadMetrics.BYTES_SENT, DOOR);
    }
    awaitNothingOpen();
  }

  @Test
  void whatWaitsForASlowReaderIsSeenAndGoesWithIt() throws Exception {
    try (RawClient client = fixture.client()) {
      client.send(FrontDoorTest.get(PODS));
      HttpStream stream = fixture.agent.next().stream();
      stream.sendHead(Heads.create().status("200"), false);
      stream.sendData(Unpooled.wrappedBuffer(new byte[LARGE]), false);
      long begun = System.nanoTime();
      while (value(FairleadMetrics.BYTES_BUFFERED, DOOR) == 0) {
        assertThat(System.nanoTime() - begun).isLessThan(PATIENCE);
        LockSupport.parkNanos(1_000_000);
      }
    }
    awaitNothingOpen();
  }

  @Test
  void refusedRequestsAreCountedByTheirReason() throws Exception {
    String get = FrontDoorTest.get(PODS);
    String gone = FrontDoorTest.get("/clusters/gone/api/v1/namespaces/x/pods");
    for (String request :
        List.of(
            get.replace("alice-token", "wrong"),
            get.replace("alice-token", "bob-token"),
            get.replace("alice-token", "bob-token"),
            FrontDoorTest.get("/nowhere"),
            FrontDoorTest.get("/clusters/dev/../x"),
            FrontDoorTest.get(PODS + "?timeout=long"),
            gone,
            get.replace("Host: h", "Host : h"))) {
      try (RawClient client = fixture.client()) {
        assertThat(client.send(request).response()).startsWith("HTTP/1.1 ");
      }
    }
    assertThat(refusals("unauthorized")).isOne();
    assertThat(refusals("forbidden")).isEqualTo(2);
    assertThat(refusals("not-found")).isOne();
    assertThat(refusals("bad-request")).isEqualTo(2);
    assertThat(refusals("service-unavailable")).isOne();
    assertThat(refusals("malformed")).isOne();
    awaitNothingOpen();
  }

  @Test
  void handshakesAreMeasuredAndThoseThatFailCounted() throws Exception {
    try (RawClient client = fixture.client()) {
      client.send("GET /livez HTTP/1.1\r\nHost: h\r\n\r\n").response();
    }
    assertThat(fixture.metrics.count(FairleadMetrics.HANDSHAKES)).isOne();
    assertThat(value(FairleadMetrics.HANDSHAKES)).isPositive();
    try (Socket plain = new Socket("127.0.0.1", fixture.gateway.port())) {
      await(1, FairleadMetrics.HANDSHAKES_OPEN);
      plain.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      await(1, FairleadMetrics.REFUSALS, "handshake-failed");
    }
    await(0, FairleadMetrics.HANDSHAKES_OPEN);
    assertThat(fixture.metrics.count(FairleadMetrics.HANDSHAKES)).isOne();
  }

  @Test
  void connectionsBeyondThoseOfAnAddressAreCounted() throws Exception {
    try (Gateway strict =
        Gateway.builder(fixture.hub)
            .listen("127.0.0.1", 0)
            .tlsByHub("127.0.0.1")
            .connectionsPerAddress(1)
            .drainFor(Duration.ZERO)
            .build()) {
      strict.start();
      try (Socket first = new Socket("127.0.0.1", strict.port());
          Socket second = new Socket("127.0.0.1", strict.port())) {
        assertThat(first.isConnected() && second.isConnected()).isTrue();
        await(1, FairleadMetrics.REFUSALS, "connections-of-address");
      }
    }
  }

  /** Otherwise whoever asks for enough of them fills the collector. */
  @Test
  void noLabelDependsOnWhatClientsSend() throws Exception {
    Set<List<String>> before = series();
    for (int i = 0; i < 20; i++) {
      for (String target :
          List.of(
              "/clusters/c" + i + "/api", "/nowhere" + i, "/clusters/dev/api/v1/secrets/s" + i)) {
        try (RawClient client = fixture.client()) {
          client.send(FrontDoorTest.get(target)).response();
        }
      }
    }
    assertThat(series()).isEqualTo(before);
  }

  private Set<List<String>> series() {
    Set<List<String>> all = new HashSet<>();
    fixture
        .metrics
        .samples()
        .forEach(
            sample -> {
              List<String> one = new ArrayList<>(sample.labels());
              one.add(sample.metric().name());
              all.add(one);
            });
    return all;
  }

  private static ByteBuf ascii(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
  }
}
