package dev.fairlead.testkit.exchange;

import static dev.fairlead.testkit.exchange.FleetFixture.PODS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.api.ClusterStatus;
import dev.fairlead.core.exchange.ExchangeLimits;
import dev.fairlead.core.http.HttpStream;
import dev.fairlead.core.http.Reset;
import dev.fairlead.testkit.exchange.FleetAgent.Taken;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Agents of one cluster share its load and cover for each other. */
final class SeveralAgentsTest {

  private static final String WATCH = PODS + "?watch=true";

  private final FleetFixture fleet =
      new FleetFixture(hub -> hub.limits(new ExchangeLimits(1_000, 1_000)));
  private FleetAgent first;
  private FleetAgent second;

  @BeforeEach
  void connect() throws InterruptedException {
    first = fleet.agent("a1");
    second = fleet.agent("a2");
  }

  @AfterEach
  void stop() {
    first.close();
    second.close();
    fleet.close();
  }

  private UserStream post() {
    return fleet.ask("alice", "POST", "dev", PODS, false);
  }

  private static void refuses(FleetAgent agent) {
    agent.onExchange = taken -> taken.stream().reset(Reset.REFUSED);
  }

  private static void answers(FleetAgent agent) {
    agent.onExchange = taken -> taken.answer("done");
  }

  @Test
  void agentsThatAreEquallyBusyTakeTurns() throws Exception {
    answers(first);
    answers(second);
    for (int i = 0; i < 40; i++) {
      assertThat(fleet.get("alice", PODS).answer()).isEqualTo("done");
      fleet.awaitEnded(1);
    }
    assertThat(first.count.get()).isBetween(10, 30);
    assertThat(second.count.get()).isEqualTo(40 - first.count.get());
  }

  @Test
  void theLeastBusyAgentIsAsked() throws Exception {
    List<Taken> watches = new ArrayList<>();
    fleet.kill(second, "a2");
    for (int i = 0; i < 5; i++) {
      fleet.get("alice", WATCH);
      watches.add(first.next());
    }
    second.close();
    second = fleet.agent("a3");
    answers(second);
    for (int i = 0; i < 10; i++) {
      fleet.get("alice", PODS).answer();
      fleet.awaitEnded(1);
    }
    assertThat(second.count).hasValue(10);
    watches.forEach(watch -> watch.answer(""));
  }

  @Test
  void whatOneAgentRefusesGoesToAnother() throws Exception {
    refuses(first);
    answers(second);
    for (int i = 0; i < 20; i++) {
      UserStream user = fleet.get("alice", PODS);
      assertThat(user.status()).isEqualTo(200);
      assertThat(user.answer()).isEqualTo("done");
    }
    assertThat(second.count).hasValue(20);
    assertThat(first.count.get()).isPositive();
  }

  @Test
  void aRequestThatMayHaveRunIsNeverSentTwice() throws Exception {
    for (Reset end : List.of(Reset.INTERNAL, Reset.CANCEL, Reset.PROTOCOL)) {
      first.onExchange = taken -> taken.stream().reset(end);
      second.onExchange = taken -> taken.stream().reset(end);
      UserStream user = fleet.get("alice", PODS);
      UserStream.within(user.reset);
      fleet.awaitEnded(1);
    }
    assertThat(first.count.get() + second.count.get()).isEqualTo(3);
  }

  @Test
  void whatADyingAgentHadTakenIsNotSentAgain() throws Exception {
    first.onExchange = taken -> first.vanish();
    second.onExchange = taken -> second.vanish();
    UserStream user = fleet.get("alice", PODS);
    UserStream.within(user.reset);
    fleet.awaitEnded(1);
    assertThat(first.count.get() + second.count.get()).isEqualTo(1);
  }

  @Test
  void aRefusalAfterTheHeadOfTheResponseIsNoRefusal() throws Exception {
    for (FleetAgent agent : List.of(first, second)) {
      agent.onExchange =
          taken -> {
            taken.begin();
            taken.stream().reset(Reset.REFUSED);
          };
    }
    UserStream user = fleet.get("alice", PODS);
    assertThat(UserStream.within(user.reset)).isEqualTo(Reset.INTERNAL);
    assertThat(first.count.get() + second.count.get()).isEqualTo(1);
  }

  @Test
  void aBodyThatWasPassedOnIsNotSentToAnother() throws Exception {
    CompletableFuture<Void> bodyCame = new CompletableFuture<>();
    for (FleetAgent agent : List.of(first, second)) {
      agent.onExchange = taken -> taken.stream().listen(new RefusesOnBody(taken, bodyCame));
    }
    UserStream user = post();
    user.send("body", true);
    assertThat(UserStream.within(user.reset)).isEqualTo(Reset.INTERNAL);
    UserStream.within(bodyCame);
    fleet.awaitEnded(1);
    assertThat(first.count.get() + second.count.get()).isEqualTo(1);
  }

  @Test
  void aBodyThatWasNotPassedOnGoesToTheOtherAgentWhole() throws Exception {
    CompletableFuture<String> body = new CompletableFuture<>();
    refuses(first);
    int refused = 0;
    while (refused == 0) {
      UserStream user = post();
      // No part of the body is there before the second agent has the request.
      Taken taken = second.next();
      refused = first.count.get();
      taken.stream().listen(new ReadsBody(taken, body));
      user.send("a whole ", false);
      user.send("body", true);
      assertThat(user.answer()).isEqualTo("read");
    }
    assertThat(UserStream.within(body)).isEqualTo("a whole body");
  }

  @Test
  void aClusterWhoseAgentsAllRefuseIsUnavailable() throws Exception {
    refuses(first);
    refuses(second);
    UserStream user = fleet.get("alice", PODS);
    assertThat(user.status()).isEqualTo(503);
    assertThat(user.answer()).contains("\"reason\":\"ServiceUnavailable\"", "just going away");
    assertThat(first.count.get() + second.count.get()).isEqualTo(2);
  }

  @Test
  void aFullTunnelIsPassedByAndAFullClusterRefusesAtOnce() throws Exception {
    first.close();
    second.close();
    UserStream.within(first.closed);
    UserStream.within(second.closed);
    fleet.await(ClusterStatus.OFFLINE);
    // One stream is the agent's report.
    first = fleet.agent("small-1", 3);
    second = fleet.agent("small-2", 3);
    for (int i = 0; i < 4; i++) {
      fleet.get("alice", WATCH);
    }
    for (int i = 0; i < 2; i++) {
      first.next();
      second.next();
    }
    UserStream refused = fleet.get("alice", PODS);
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.answer()).contains("cluster dev: streams: 3 are open");
  }

  @Test
  void noRequestIsLostWhileOneAgentDrains() throws Exception {
    answers(first);
    answers(second);
    List<UserStream> users = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      if (i == 200) {
        first.tunnel.drain();
      }
      users.add(fleet.get("alice", PODS));
    }
    for (UserStream user : users) {
      assertThat(user.status()).isEqualTo(200);
      assertThat(user.answer()).isEqualTo("done");
    }
    UserStream.within(first.closed);
  }

  @Test
  void anAgentWithoutItsApiServerIsPassedByUntilItReachesItAgain() throws Exception {
    first.report(false);
    second.report(true);
    answers(second);
    while (fleet.hub.cluster("dev").agents().stream().allMatch(a -> a.reachesApiServer())) {
      Thread.onSpinWait();
    }
    for (int i = 0; i < 10; i++) {
      assertThat(fleet.get("alice", PODS).answer()).isEqualTo("done");
    }
    assertThat(first.count).hasValue(0);

    second.report(false);
    fleet.await(ClusterStatus.DEGRADED);
    UserStream refused = fleet.get("alice", PODS);
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.answer()).contains("does not reach the API server");
    assertThat(within(refused).get("retry-after")).isNull();
    second.report(true);
    fleet.await(ClusterStatus.CONNECTED);
    assertThat(fleet.get("alice", PODS).answer()).isEqualTo("done");
  }

  private static Http2Headers within(UserStream stream) {
    return UserStream.within(stream.head);
  }

  @Test
  void aUserWhoLeavesWhileTheRequestIsPassedOnLeavesNothingBehind() throws Exception {
    refuses(first);
    List<Taken> at = new ArrayList<>();
    second.onExchange = at::add;
    for (int round = 0; round < 200; round++) {
      UserStream user = fleet.get("alice", PODS);
      user.cancel();
      fleet.awaitEnded(1);
    }
    answers(second);
    assertThat(fleet.get("alice", PODS).status()).isEqualTo(200);
  }

  private abstract static class Body implements HttpStream.Listener {

    private final StringBuilder text = new StringBuilder();

    abstract void came(String soFar, boolean end);

    @Override
    public void onHead(Http2Headers head, boolean end) {
      throw new AssertionError("a second head");
    }

    @Override
    public void onData(ByteBuf data, boolean end) {
      text.append(data.toString(StandardCharsets.UTF_8));
      data.release();
      came(text.toString(), end);
    }

    @Override
    public void onTrailers(Http2Headers trailers) {
      throw new AssertionError("trailers");
    }

    @Override
    public void onReset(Reset reason) {
      // The hub gave up on it.
    }

    @Override
    public void onSent(int bytes) {
      // Not counted.
    }
  }

  private static final class RefusesOnBody extends Body {
    private final Taken taken;
    private final CompletableFuture<Void> came;

    RefusesOnBody(Taken taken, CompletableFuture<Void> came) {
      this.taken = taken;
      this.came = came;
    }

    @Override
    void came(String soFar, boolean end) {
      came.complete(null);
      taken.stream().reset(Reset.REFUSED);
    }
  }

  private static final class ReadsBody extends Body {
    private final Taken taken;
    private final CompletableFuture<String> body;

    ReadsBody(Taken taken, CompletableFuture<String> body) {
      this.taken = taken;
      this.body = body;
    }

    @Override
    void came(String soFar, boolean end) {
      if (end) {
        body.complete(soFar);
        taken.answer("read");
      }
    }
  }
}
