package dev.fairlead.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.ClusterStatus;
import dev.fairlead.api.Identity;
import dev.fairlead.api.transport.AgentTransport;
import dev.fairlead.api.transport.HubTransport;
import dev.fairlead.core.exchange.Caller;
import dev.fairlead.core.memory.InMemoryTransport;
import dev.fairlead.core.request.ClusterRequest;
import dev.fairlead.core.request.RequestTarget;
import dev.fairlead.pki.CertificateAuthority;
import io.netty.channel.DefaultEventLoop;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the wall clock is set to says nothing about how long something lasts. */
class ClockJumpTest extends FaultFixture {

  private final DefaultEventLoop wire = new DefaultEventLoop();
  private final InMemoryTransport memory = InMemoryTransport.on(wire);

  @Override
  @AfterEach
  void stopAll() throws Exception {
    super.stopAll();
    wire.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  /** Long enough for a PING and its answer, so that nobody living is taken for dead. */
  @Override
  void settle() {
    for (int crossing = 0; crossing < 4; crossing++) {
      super.settle();
      wire.submit(() -> {}).syncUninterruptibly();
    }
    super.settle();
  }

  @Override
  HubTransport hubEnd() {
    return memory.hub();
  }

  @Override
  AgentTransport agentEnd(String address) {
    return memory.agent();
  }

  @Override
  int listeningSockets() {
    return 0;
  }

  @ParameterizedTest
  @ValueSource(ints = {-2, 2, 25})
  void requestHasItsMinuteWhateverTheWallClockIsSetTo(int hours) {
    ScriptedAgent.Tunnel tunnel = tunnel(DEV);
    UserStream user = get(PODS);
    Patience.await("the agent has it", () -> tunnel.activeExchanges() > 1);
    time.jump(Duration.ofHours(hours));
    advance(59, () -> assertThat(user.status).isNotDone());
    advance(3, () -> {});
    assertThat(user.status()).isEqualTo(504);
  }

  @Test
  void credentialThatIsOverAfterAJumpIsFoundOutWithinAMinute() {
    tunnel(DEV);
    Instant expiry = time.instant().plus(Duration.ofHours(1));
    UserStream watch = new UserStream(hub.eventLoops().next(), true);
    Caller caller = new Caller(Identity.user("alice"), "token-1", expiry, "", "");
    ClusterRequest where = new ClusterRequest(ClusterName.of(DEV), RequestTarget.parse(WATCH));
    watch
        .executor()
        .execute(() -> hub.exchanges().serve(watch, head("GET", WATCH), true, where, caller));
    time.jump(Duration.ofMinutes(-30));
    advance(60, () -> assertThat(watch.end()).isNotDone());
    time.jump(Duration.ofHours(2));
    advance(61, () -> {});
    Patience.await("it is cut off", () -> watch.end().isDone());
  }

  @Test
  void tunnelLastsAsLongAsItsCertificateThoughTheClockWasAheadWhenItBegan() {
    ScriptedAgent agent = agent(DEV);
    Duration ahead = CertificateAuthority.AGENT_LIFE.minusSeconds(30);
    time.jump(ahead);
    ScriptedAgent.Tunnel tunnel = agent.connect().answering("done");
    awaitStatus(DEV, ClusterStatus.CONNECTED);
    time.jump(ahead.negated());
    advance(40, () -> assertThat(tunnel.closed).isNotDone());
  }

  @ParameterizedTest
  @ValueSource(ints = {-2, 2, 25})
  void tunnelOutlivesAJumpOfTheWallClock(int hours) {
    ScriptedAgent.Tunnel tunnel = tunnel(DEV).answering("done");
    time.jump(Duration.ofHours(hours));
    advance(60, () -> {});
    assertThat(tunnel.closed).isNotDone();
    assertThat(hub.cluster(DEV).status()).isEqualTo(ClusterStatus.CONNECTED);
    assertThat(get(PODS).status()).isEqualTo(200);
    time.jump(Duration.ofHours(-hours));
    advance(60, () -> {});
    assertThat(tunnel.closed).isNotDone();
    assertThat(get(PODS).status()).isEqualTo(200);
  }
}
