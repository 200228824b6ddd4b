package dev.fairlead.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.transport.AgentTransport;
import dev.fairlead.api.transport.Pipe;
import dev.fairlead.core.http.Heads;
import dev.fairlead.testkit.raw.RawClient;
import dev.fairlead.testkit.raw.RawHttp2Client;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Agents that send frames of their own making: they answer exchanges, and open none. */
final class AgentsThatAskTest {

  private static final String PODS = "/clusters/dev/api/v1/namespaces/x/pods";

  private static byte[] settings() {
    return RawHttp2Client.bytesOf(RawHttp2Client.SETTINGS, 0, 0, new byte[0]);
  }

  private static byte[] request() {
    return RawHttp2Client.bytesOf(
        RawHttp2Client.HEADERS,
        RawHttp2Client.END_HEADERS,
        2,
        RawHttp2Client.block(
            ":method", "GET", ":scheme", "https", ":path", PODS, ":authority", "h"));
  }

  @Test
  void streamTowardsTheHubEndsTheTunnelAndNoOther() throws Exception {
    try (GatewayFixture fixture = new GatewayFixture();
        AgentTransport transport = fixture.memory.agent(ClusterName.of("gone"), "asking")) {
      FromHub hub = new FromHub(transport.dial(ScriptedAgent.NO_TLS));
      hub.ready.orTimeout(20, TimeUnit.SECONDS).join();
      hub.pipe.write(ByteBuffer.wrap(settings()), ByteBuffer.wrap(request()));
      hub.closed.orTimeout(20, TimeUnit.SECONDS).join();

      try (RawClient user = fixture.client()) {
        user.send(FrontDoorTest.get(PODS));
        fixture.agent.next().stream().sendHead(Heads.create().status("204"), true);
        assertThat(user.head()).startsWith("HTTP/1.1 204");
      }
    }
  }

  @Test
  void tunnelThatOnlyGreetsStaysOpen() throws Exception {
    try (GatewayFixture fixture = new GatewayFixture();
        AgentTransport transport = fixture.memory.agent(ClusterName.of("gone"), "greeting")) {
      FromHub hub = new FromHub(transport.dial(ScriptedAgent.NO_TLS));
      hub.ready.orTimeout(20, TimeUnit.SECONDS).join();
      hub.pipe.write(ByteBuffer.wrap(settings()));
      // The preface of the hub, which is a client of this agent.
      hub.spoke.orTimeout(20, TimeUnit.SECONDS).join();
      assertThat(hub.closed).isNotDone();
    }
  }

  private static final class FromHub implements Pipe.Listener {
    final Pipe pipe;
    final CompletableFuture<Void> ready = new CompletableFuture<>();
    final CompletableFuture<Void> spoke = new CompletableFuture<>();
    final CompletableFuture<Void> closed = new CompletableFuture<>();

    FromHub(Pipe pipe) {
      this.pipe = pipe;
      pipe.start(this);
      pipe.request(1_000);
    }

    @Override
    public void onReady() {
      ready.complete(null);
    }

    @Override
    public void onData(ByteBuffer data) {
      spoke.complete(null);
    }

    @Override
    public void onEnd() {
      // The end of both directions follows.
    }

    @Override
    public void onClosed(@Nullable Throwable cause) {
      closed.complete(null);
    }
  }
}
