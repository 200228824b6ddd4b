package dev.fairlead.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.api.Agent;
import dev.fairlead.api.ClusterName;
import dev.fairlead.api.ClusterStatus;
import dev.fairlead.api.FleetWatch;
import dev.fairlead.api.UnauthenticatedException;
import dev.fairlead.api.auth.Decision;
import dev.fairlead.core.audit.MemoryAuditSink;
import dev.fairlead.core.hub.FairleadHub;
import dev.fairlead.core.memory.InMemoryTransport;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two processes with one identity do not take turns for ever. */
class TakeoverTest {

  private static final ClusterName DEV = ClusterName.of("dev");
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final InMemoryTransport memory = InMemoryTransport.create();
  private FairleadHub hub;
  private TestApiServer api;

  @BeforeEach
  void start() throws Exception {
    api = new TestApiServer();
    hub =
        FairleadHub.builder()
            .transport(memory.hub())
            .authorizer(request -> CompletableFuture.completedStage(new Decision.Denied("no")))
            .audit(new MemoryAuditSink(10))
            .keepInMemory()
            .drainFor(Duration.ZERO)
            .build();
    hub.start();
    hub.fleet().issueInstallToken(DEV);
  }

  @AfterEach
  void stop() {
    hub.close();
    api.close();
  }

  private FairleadAgent agent() {
    return FairleadAgent.builder()
        .dial(memory.agent(DEV, "a1"))
        .withoutCredentials()
        .cluster(api.address())
        .build();
  }

  @Test
  void theElderGivesWayAndTheYoungerStays() throws Exception {
    try (FairleadAgent elder = agent();
        FairleadAgent younger = agent()) {
      elder.start();
      elder.awaitConnected(PATIENCE);
      younger.start();
      try (FleetWatch watch = hub.fleet().watch()) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (elder.state() != Agent.State.REFUSED && System.nanoTime() < end) {
          watch.next(Duration.ofMillis(200));
        }
      }
      assertThat(elder.state()).isEqualTo(Agent.State.REFUSED);
      assertThatThrownBy(() -> elder.awaitConnected(PATIENCE))
          .isInstanceOf(UnauthenticatedException.class)
          .hasMessageContaining("same identity");
      younger.awaitConnected(PATIENCE);
      awaitOneAgent();
      assertThat(younger.state()).isEqualTo(Agent.State.CONNECTED);
    }
  }

  private void awaitOneAgent() throws InterruptedException {
    try (FleetWatch watch = hub.fleet().watch()) {
      while (hub.cluster("dev").status() == ClusterStatus.OFFLINE
          || hub.cluster("dev").agents().size() != 1) {
        assertThat(watch.next(PATIENCE)).isPresent();
      }
    }
  }

  @Test
  void takeoversLongAgoDoNotCount() {
    Takeovers takeovers = new Takeovers();
    long gap = Takeovers.WITHIN.dividedBy(2).toNanos() + 1;
    for (int i = 0; i < 10; i++) {
      assertThat(takeovers.isTooMany(i * gap)).isFalse();
    }
    assertThat(takeovers.isTooMany(9 * gap + 1)).isTrue();
  }
}
