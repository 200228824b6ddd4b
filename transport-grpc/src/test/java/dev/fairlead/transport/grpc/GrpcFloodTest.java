package dev.fairlead.transport.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.api.metrics.FairleadMetrics;
import dev.fairlead.api.transport.AgentTransport;
import dev.fairlead.api.transport.HubTransport;
import dev.fairlead.core.metrics.MemoryMetrics;
import dev.fairlead.core.tls.Handshakes;
import dev.fairlead.testkit.TestAuthority;
import dev.fairlead.testkit.raw.RawClient;
import dev.fairlead.transport.grpc.GrpcHubTransport.Bounds;
import io.grpc.Grpc;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Strangers at the agents' own port who never finish a handshake. */
class GrpcFloodTest {

  private static final int MANY = 1_000;
  private static final Duration GRACE = Duration.ofMillis(100);
  private static final long PATIENCE = Duration.ofSeconds(30).toNanos();

  private final MemoryMetrics metrics = new MemoryMetrics();
  private final TestAuthority authority = TestAuthority.create();
  private final List<Socket> flood = new ArrayList<>();

  @AfterEach
  void close() throws IOException {
    for (Socket one : flood) {
      one.close();
    }
  }

  private int flood(HubTransport hub, int connections) throws IOException {
    hub.start(new EchoHub(authority.server(), metrics));
    int port = Integer.parseInt(hub.address().replaceAll(".*:", ""));
    flood(port, connections);
    return port;
  }

  private void flood(int port, int connections) throws IOException {
    for (int i = 0; i < connections; i++) {
      Socket stranger = new Socket("127.0.0.1", port);
      stranger.setSoTimeout(30_000);
      flood.add(stranger);
    }
  }

  private static HubTransport hub(int mostHandshakes, int mostConnections) {
    return new GrpcHubTransport(
        "a port of a test",
        false,
        () -> new ShadedServing(new InetSocketAddress("127.0.0.1", 0)),
        new Bounds(Handshakes.LONGEST, mostHandshakes, GRACE, mostConnections));
  }

  private void awaitRefusals(String reason, long expected) {
    long begun = System.nanoTime();
    while (metrics.value(FairleadMetrics.REFUSALS, reason) != expected) {
      assertThat(System.nanoTime() - begun).as(reason).isLessThan(PATIENCE);
      LockSupport.parkNanos(1_000_000);
    }
  }

  private static void requireEcho(Agent agent) throws Exception {
    agent.send("hello".getBytes(StandardCharsets.UTF_8));
    assertThat(agent.receive(5)).asString(StandardCharsets.UTF_8).isEqualTo("hello");
  }

  @Test
  void floodOfHandshakesKeepsNoAgentOut() throws Exception {
    try (HubTransport hub = GrpcTransport.listen(0);
        AgentTransport transport = GrpcTransport.to("localhost", flood(hub, MANY))) {
      requireEcho(new Agent(transport.dial(authority.client("agent"))).ready());
    }
  }

  @Test
  void ofTooManyHandshakesTheOldestGivesWay() throws Exception {
    try (HubTransport hub = hub(3, MANY)) {
      int port = flood(hub, 3);
      try (AgentTransport transport = GrpcTransport.to("localhost", port)) {
        requireEcho(new Agent(transport.dial(authority.client("agent"))).ready());
        assertThat(metrics.value(FairleadMetrics.REFUSALS, "agent-handshakes")).isPositive();
        assertThat(RawClient.isClosed(flood.get(0))).isTrue();
      }
    }
  }

  @Test
  void connectionsWithoutATunnelKeepNoAgentOut() throws Exception {
    try (HubTransport hub = hub(MANY, 2)) {
      int port = flood(hub, 0);
      try (AgentTransport transport = GrpcTransport.to("localhost", port)) {
        Agent first = new Agent(transport.dial(authority.client("first"))).ready();
        flood(port, 2);
        Agent second = new Agent(transport.dial(authority.client("second"))).ready();
        Agent third = new Agent(transport.dial(authority.client("third"))).ready();
        awaitRefusals("agent-connections", 1);
        assertThat(RawClient.isClosed(flood.get(0))).as("the oldest without a tunnel").isTrue();
        for (Agent agent : List.of(first, second, third)) {
          requireEcho(agent);
        }
      }
    }
  }

  @Test
  void whatIsNoTlsIsCounted() throws Exception {
    try (HubTransport hub = hub(MANY, MANY)) {
      flood(hub, 1);
      flood
          .get(0)
          .getOutputStream()
          .write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.UTF_8));
      awaitRefusals("agent-handshake-failed", 1);
    }
  }

  @Test
  void handshakesThatDoNotEndAreCutOff() throws Exception {
    try (HubTransport hub =
        new GrpcHubTransport(
            "a port of a test",
            false,
            () -> (credentials, unseen, unpaced) -> Grpc.newServerBuilderForPort(0, credentials),
            new Bounds(Duration.ofMillis(100), MANY, GRACE, MANY))) {
      flood(hub, 10);
      for (Socket stranger : flood) {
        assertThat(RawClient.isClosed(stranger)).isTrue();
      }
    }
  }
}
