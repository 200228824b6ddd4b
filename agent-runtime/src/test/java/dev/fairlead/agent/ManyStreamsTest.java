package dev.fairlead.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.http.Heads;
import dev.fairlead.core.http.LinkSettings;
import dev.fairlead.core.http.Reset;
import dev.fairlead.core.time.SystemTime;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** More requests at once than one connection to the API server takes. */
class ManyStreamsTest {

  private static final int EACH = 100;
  private static final int WATCHES = 600;
  private static final int TAKEN_BACK = 250;
  private static final int SOON_TOO_MANY = 100;

  @Test
  void watchesAreSpreadOverConnections() throws Exception {
    LinkSettings few = LinkSettings.UPSTREAM.withLiveness(Duration.ZERO).withMaxStreams(EACH);
    try (SystemTime time = new SystemTime();
        TestHub hub = new TestHub(time);
        TestApiServer server = new TestApiServer(few);
        FairleadAgent agent =
            FairleadAgent.builder()
                .dial(hub.local())
                .withoutCredentials()
                .cluster(server.address())
                .build()) {
      agent.start();
      TestHub.Tunnel tunnel = hub.tunnel();
      List<Answer> watches = new ArrayList<>();
      for (int i = 0; i < WATCHES; i++) {
        watches.add(tunnel.get("/api/v1/pods?watch=true&number=" + i));
      }
      for (int i = 0; i < WATCHES; i++) {
        server.request().answer("200", "an event");
      }
      for (Answer watch : watches) {
        assertThat(watch.status()).isEqualTo("200");
      }
      assertThat(server.connections).hasSizeLessThanOrEqualTo(WATCHES / EACH + 1);
    }
  }

  /** A new connection takes a while, and nobody is to wait for it who took nothing back. */
  @Test
  void connectionThatIsSoonGivenUpHasASuccessorBefore() throws Exception {
    try (SystemTime time = new SystemTime();
        TestHub hub = new TestHub(time);
        TestApiServer server = new TestApiServer();
        FairleadAgent agent =
            FairleadAgent.builder()
                .dial(hub.local())
                .withoutCredentials()
                .cluster(server.address())
                .build()) {
      agent.start();
      TestHub.Tunnel tunnel = hub.tunnel();
      for (int i = 0; i < SOON_TOO_MANY; i++) {
        Answer taken = tunnel.get("/api/v1/pods?watch=true&number=" + i);
        TestApiServer.Seen seen = server.request();
        taken.stream.reset(Reset.CANCEL);
        seen.body().reset();
      }
      Channel first = server.connections.poll(20, TimeUnit.SECONDS);
      Channel successor = server.connections.poll(20, TimeUnit.SECONDS);
      assertThat(successor).isNotNull();
      assertThat(first.closeFuture().await(20, TimeUnit.SECONDS)).isTrue();
      Answer next = tunnel.get("/api/v1/pods");
      server.request().answer("200", "served");
      assertThat(next.body()).isEqualTo("served");
      assertThat(server.connections).isEmpty();
    }
  }

  /**
   * The server ends a connection on which more than 200 were taken back within 30 s, before their
   * answers or in the middle of them.
   */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void requestsThatAreTakenBackEndNobodyElses(boolean begun) throws Exception {
    try (SystemTime time = new SystemTime();
        TestHub hub = new TestHub(time);
        TestApiServer server = new TestApiServer();
        FairleadAgent agent =
            FairleadAgent.builder()
                .dial(hub.local())
                .withoutCredentials()
                .cluster(server.address())
                .build()) {
      agent.start();
      TestHub.Tunnel tunnel = hub.tunnel();
      Answer watch = tunnel.get("/api/v1/pods?watch=true");
      TestApiServer.Seen watched = server.request();
      watched.stream().sendHead(Heads.create().status("200"), false);
      assertThat(watch.status()).isEqualTo("200");
      for (int i = 0; i < TAKEN_BACK; i++) {
        Answer taken = tunnel.get("/api/v1/pods?watch=true&number=" + i);
        TestApiServer.Seen seen = server.request();
        if (begun) {
          seen.stream().sendHead(Heads.create().status("200"), false);
          assertThat(taken.status()).isEqualTo("200");
        }
        taken.stream.reset(Reset.CANCEL);
        seen.body().reset();
      }
      watched.stream()
          .sendData(Unpooled.copiedBuffer("an event", StandardCharsets.US_ASCII), false);
      assertThat(watch.chunk()).isEqualTo("an event");
      Answer next = tunnel.get("/api/v1/pods");
      server.request().answer("200", "served");
      assertThat(next.body()).isEqualTo("served");
    }
  }
}
