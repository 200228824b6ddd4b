package dev.fairlead.transport.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.api.transport.AgentTransport;
import dev.fairlead.api.transport.HubTransport;
import dev.fairlead.testkit.TestAuthority;
import dev.fairlead.testkit.raw.RawClient;
import io.grpc.Grpc;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Strangers at the agents' own port who never finish a handshake. */
class GrpcFloodTest {

  private final TestAuthority authority = TestAuthority.create();
  private final List<Socket> flood = new ArrayList<>();

  @AfterEach
  void close() throws IOException {
    for (Socket one : flood) {
      one.close();
    }
  }

  private int flood(HubTransport hub, int connections) throws IOException {
    hub.start(new EchoHub(authority.server()));
    int port = Integer.parseInt(hub.address().replaceAll(".*:", ""));
    for (int i = 0; i < connections; i++) {
      Socket stranger = new Socket("127.0.0.1", port);
      stranger.setSoTimeout(30_000);
      flood.add(stranger);
    }
    return port;
  }

  @Test
  void floodOfHandshakesKeepsNoAgentOut() throws Exception {
    try (HubTransport hub = GrpcTransport.listen(0);
        AgentTransport transport = GrpcTransport.to("localhost", flood(hub, 1_000))) {
      Agent agent = new Agent(transport.dial(authority.client("agent"))).ready();
      agent.send("hello".getBytes(StandardCharsets.UTF_8));
      assertThat(agent.receive(5)).asString(StandardCharsets.UTF_8).isEqualTo("hello");
    }
  }

  @Test
  void handshakesThatDoNotEndAreCutOff() throws Exception {
    try (HubTransport hub =
        new GrpcHubTransport(
            "a port of a test",
            false,
            credentials -> Grpc.newServerBuilderForPort(0, credentials),
            Duration.ofMillis(100))) {
      flood(hub, 10);
      for (Socket stranger : flood) {
        assertThat(RawClient.isClosed(stranger)).isTrue();
      }
    }
  }
}
