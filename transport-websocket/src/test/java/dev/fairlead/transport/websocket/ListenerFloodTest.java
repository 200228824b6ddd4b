package dev.fairlead.transport.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.api.metrics.FairleadMetrics;
import dev.fairlead.core.tls.Handshakes;
import dev.fairlead.core.tls.Newcomers;
import dev.fairlead.testkit.ManualTime;
import dev.fairlead.testkit.raw.RawClient;
import dev.fairlead.transport.websocket.RawAgent.Frame;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Strangers at the agents' own port who never finish a handshake. */
class ListenerFloodTest {

  private static final int BEYOND = 60;
  private static final long PATIENCE = Duration.ofSeconds(30).toNanos();

  private final ManualTime time = ManualTime.create();
  private final HubUnderTest hub = new HubUnderTest(time);
  private final List<Socket> flood = new ArrayList<>();

  @AfterEach
  void close() throws IOException {
    for (Socket one : flood) {
      one.close();
    }
    hub.close();
  }

  private void flood(int connections) throws IOException {
    for (int i = 0; i < connections; i++) {
      Socket stranger = new Socket("127.0.0.1", hub.port());
      stranger.setSoTimeout(30_000);
      flood.add(stranger);
    }
  }

  private long refusals(String reason) {
    return hub.metrics.value(FairleadMetrics.REFUSALS, reason);
  }

  private static void await(BooleanSupplier condition) {
    long begun = System.nanoTime();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - begun).isLessThan(PATIENCE);
      LockSupport.parkNanos(1_000_000);
    }
  }

  private void awaitRefusals(String reason, long expected) {
    await(() -> refusals(reason) == expected);
  }

  @Test
  void floodOfHandshakesKeepsNoAgentOut() throws Exception {
    flood(Handshakes.MOST_OF_AGENTS);
    // One that gives way, after a time of grace, for each handshake; and that is cut off at last.
    await(() -> time.scheduled() == Handshakes.MOST_OF_AGENTS + 1);
    flood(BEYOND);
    time.advance(Newcomers.GRACE_OF_AGENTS);
    awaitRefusals("agent-handshakes", BEYOND + 1);
    try (RawAgent agent = hub.agent().connected()) {
      agent.frame(0x82, "hello".getBytes(StandardCharsets.UTF_8));
      Frame echo = agent.next();
      assertThat(echo.payload()).asString(StandardCharsets.UTF_8).isEqualTo("hello");
    }
    assertThat(RawClient.isClosed(flood.get(0))).as("the oldest").isTrue();
  }

  @Test
  void handshakesThatDoNotEndAreCutOff() throws Exception {
    flood(3);
    await(() -> time.scheduled() == 3);
    time.advance(Handshakes.LONGEST);
    for (Socket stranger : flood) {
      assertThat(RawClient.isClosed(stranger)).isTrue();
    }
    awaitRefusals("agent-handshake-late", 3);
  }

  @Test
  void connectionsWithoutATunnelKeepNoAgentOut() throws Exception {
    try (HubUnderTest small = new HubUnderTest(time, 2);
        RawAgent first = small.agent().connected();
        RawAgent idle = small.agent().send("G");
        RawAgent second = small.agent().connected();
        RawAgent third = small.agent().connected();
        RawAgent idleToo = small.agent().send("G");
        RawAgent idleAsWell = small.agent().send("G")) {
      assertThat(idle.isAtEnd()).as("the oldest without a tunnel").isTrue();
      assertThat(small.metrics.value(FairleadMetrics.REFUSALS, "agent-connections")).isOne();
      for (RawAgent agent : List.of(first, second, third)) {
        agent.frame(0x82, (byte) 'x');
        assertThat(agent.next().payload()).containsExactly('x');
      }
    }
  }

  @Test
  void whatIsNoTlsIsCounted() throws Exception {
    flood(1);
    flood.get(0).getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.UTF_8));
    awaitRefusals("agent-handshake-failed", 1);
    assertThat(RawClient.isClosed(flood.get(0))).isTrue();
  }
}
