package dev.fairlead.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.http.LinkSettings;
import dev.fairlead.core.time.SystemTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** More requests at once than one connection to the API server takes. */
class ManyStreamsTest {

  private static final int EACH = 100;
  private static final int WATCHES = 600;

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
}
