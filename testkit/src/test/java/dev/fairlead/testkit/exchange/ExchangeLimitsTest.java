package dev.fairlead.testkit.exchange;

import static dev.fairlead.testkit.exchange.FleetFixture.PODS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.api.InvalidException;
import dev.fairlead.api.audit.AuditEvent;
import dev.fairlead.api.auth.Decision;
import dev.fairlead.core.exchange.ExchangeLimits;
import dev.fairlead.core.http.Reset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How many requests may be under way. */
final class ExchangeLimitsTest {

  private static final String WATCH = PODS + "?watch=true";

  private final FleetFixture fleet = new FleetFixture(hub -> hub.limits(new ExchangeLimits(3, 5)));
  private FleetAgent agent;

  @BeforeEach
  void connect() throws InterruptedException {
    agent = fleet.agent("a1");
  }

  @AfterEach
  void stop() {
    agent.close();
    fleet.close();
  }

  /** Opens a watch that goes on. */
  private FleetAgent.Taken watch(String user) throws InterruptedException {
    fleet.get(user, WATCH);
    return agent.next();
  }

  private void assertRoomForExactly(int most, String user) throws InterruptedException {
    List<UserStream> open = new ArrayList<>();
    List<FleetAgent.Taken> taken = new ArrayList<>();
    for (int i = 0; i < most; i++) {
      open.add(fleet.get(user, WATCH));
      taken.add(agent.next());
    }
    assertThat(fleet.get(user, WATCH).status()).isEqualTo(429);
    for (FleetAgent.Taken each : taken) {
      each.answer("");
    }
    open.forEach(UserStream::answer);
    fleet.awaitEnded(most + 1);
  }

  @Test
  void whatIsOutOfRangeIsRefusedWithEveryMistake() {
    assertThatThrownBy(() -> new ExchangeLimits(0, 2_000_000))
        .isInstanceOf(InvalidException.class)
        .hasMessageContainingAll("perUser: 0", "perCluster: 2000000", "expected: 1 to 1000000");
  }

  @Test
  void aUserBeyondTheCapIsRefusedAtOnceAndOthersAreNot() throws Exception {
    FleetAgent.Taken first = watch("alice");
    watch("alice");
    watch("alice");

    UserStream refused = fleet.get("alice", PODS);
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.answer())
        .contains(
            "\"kind\":\"Status\"", "\"reason\":\"TooManyRequests\"", "user alice: 3 requests");
    assertThat(within(refused).get("retry-after")).hasToString("1");
    watch("bob").answer("bob's");

    first.answer("over");
    fleet.awaitEnded(3);
    UserStream again = fleet.get("alice", PODS);
    agent.next().answer("pods");
    assertThat(again.answer()).isEqualTo("pods");
  }

  private static io.netty.handler.codec.http2.Http2Headers within(UserStream stream) {
    return UserStream.within(stream.head);
  }

  @Test
  void aClusterBeyondTheCapIsRefusedAtOnceWhoeverAsks() throws Exception {
    for (String user : List.of("a", "b", "c", "d", "e")) {
      watch(user);
    }
    UserStream refused = fleet.get("f", PODS);
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.answer()).contains("cluster dev: 5 requests");
    assertThat(agent.count).hasValue(5);
  }

  @Test
  void livenessAndLeasesPassWhenAllElseIsShed() throws Exception {
    watch("alice");
    watch("alice");
    watch("alice");
    assertThat(fleet.get("alice", PODS).status()).isEqualTo(429);
    fleet.awaitEnded(1);
    for (String urgent :
        List.of("/livez", "/version", "/apis/coordination.k8s.io/v1/namespaces/x/leases/l")) {
      UserStream asked = fleet.get("alice", urgent);
      agent.next().answer("passed");
      assertThat(asked.answer()).isEqualTo("passed");
      fleet.awaitEnded(1);
    }
    fleet.get("alice", "/livez");
    agent.next();
    assertThat(fleet.get("alice", "/livez").status()).as("not without end").isEqualTo(429);
  }

  @Test
  void aUserWhoIsTooFastIsRefusedForASecond() throws Exception {
    try (FleetFixture slow =
        new FleetFixture(hub -> hub.limits(new ExchangeLimits(100, 100, 2, 1_000)))) {
      try (FleetAgent connected = slow.agent("a1")) {
        connected.onExchange = taken -> taken.answer("done");
        assertThat(slow.get("alice", PODS).answer()).isEqualTo("done");
        assertThat(slow.get("alice", PODS).answer()).isEqualTo("done");
        UserStream refused = slow.get("alice", PODS);
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.answer()).contains("user alice: more than 2 requests in a second");
        assertThat(within(refused).get("retry-after")).hasToString("1");
        assertThat(slow.get("alice", "/readyz").answer()).isEqualTo("done");
        assertThat(slow.get("bob", PODS).answer()).isEqualTo("done");
        slow.time.advance(java.time.Duration.ofSeconds(1));
        assertThat(slow.get("alice", PODS).answer()).isEqualTo("done");
      }
    }
  }

  @Test
  void anOfflineClusterIsNoOverload() {
    UserStream refused = fleet.ask("alice", "GET", "gone", PODS, true);
    assertThat(refused.status()).isEqualTo(503);
    assertThat(within(refused).get("retry-after")).isNull();
  }

  @Test
  void aRefusalIsWrittenDown() throws Exception {
    watch("alice");
    watch("alice");
    watch("alice");
    fleet.get("alice", PODS).answer();
    AuditEvent last = fleet.audit.events().get(fleet.audit.events().size() - 1);
    assertThat(last.stage()).isEqualTo(AuditEvent.Stage.RESPONSE_COMPLETE);
    assertThat(last.annotations()).containsEntry("fairlead.dev/limit", "user");
  }

  @Test
  void whoeverMayNotUseAClusterCannotFillIt() throws Exception {
    CompletableFuture<Decision> undecided = new CompletableFuture<>();
    fleet.authorizer = request -> undecided;
    List<UserStream> waiting = new ArrayList<>();
    for (int user = 0; user < 10; user++) {
      waiting.add(fleet.get("stranger-" + user, PODS));
    }
    fleet.authorizer =
        request -> CompletableFuture.completedStage(new Decision.Allowed("all", "all"));
    watch("alice").answer("");
    undecided.complete(new Decision.Denied("no"));
    waiting.forEach(each -> assertThat(each.status()).isEqualTo(403));
  }

  @Test
  void whateverEndsARequestItsPlaceIsFree() throws Exception {
    watch("alice").answer("in order");
    fleet.awaitEnded(1);
    watch("alice").stream().reset(Reset.INTERNAL);
    fleet.awaitEnded(1);
    UserStream leaving = fleet.get("alice", WATCH);
    agent.next();
    leaving.cancel();
    fleet.awaitEnded(1);

    fleet.authorizer = request -> CompletableFuture.completedStage(new Decision.Denied("no"));
    assertThat(fleet.get("alice", PODS).status()).isEqualTo(403);
    fleet.authorizer = request -> CompletableFuture.failedStage(new IllegalStateException("down"));
    assertThat(fleet.get("alice", PODS).status()).isEqualTo(500);
    fleet.authorizer =
        request -> {
          throw new IllegalStateException("broken");
        };
    assertThat(fleet.get("alice", PODS).status()).isEqualTo(500);
    fleet.authorizer =
        request -> CompletableFuture.completedStage(new Decision.Allowed("all", "all"));
    assertThat(fleet.ask("alice", "GET", "gone", PODS, true).status()).isEqualTo(503);
    assertThat(fleet.ask("alice", "GET", "nowhere", PODS, true).status()).isEqualTo(404);

    UserStream cut = fleet.get("alice", WATCH);
    agent.next().begin();
    cut.status();
    agent.vanish();
    UserStream.within(cut.reset);
    agent.close();
    agent = fleet.agent("a2");
    fleet.awaitEnded(6);
    assertRoomForExactly(3, "alice");
  }

  @Test
  void aRequestThatCannotBeWrittenDownLeavesItsPlace() throws Exception {
    fleet.audit.close();
    for (int i = 0; i < 10; i++) {
      assertThat(fleet.get("alice", PODS).status()).isEqualTo(500);
    }
    assertThat(agent.count).hasValue(0);
  }

  @Test
  void anEndAndACancelAtOnceFreeThePlaceOnce() throws Exception {
    for (int round = 0; round < 300; round++) {
      UserStream user = fleet.get("alice", WATCH);
      FleetAgent.Taken taken = agent.next();
      taken.begin();
      user.status();
      Thread leaving = new Thread(user::cancel);
      leaving.start();
      taken.stream().reset(Reset.INTERNAL);
      leaving.join();
      fleet.awaitEnded(1);
    }
    assertRoomForExactly(3, "alice");
  }
}
