package dev.fairlead.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.agent.upstream.ApiServer;
import dev.fairlead.api.Agent;
import dev.fairlead.api.InvalidException;
import dev.fairlead.api.TimeoutException;
import dev.fairlead.api.TransportException;
import dev.fairlead.api.UnauthenticatedException;
import dev.fairlead.core.http.Heads;
import dev.fairlead.core.time.SystemTime;
import dev.fairlead.testkit.ManualTime;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LifecycleTest {

  private final SystemTime time = new SystemTime();
  private final TestHub hub = new TestHub(time);
  private TestApiServer api;

  @BeforeEach
  void start() throws Exception {
    api = new TestApiServer();
  }

  @AfterEach
  void stop() {
    hub.close();
    api.close();
    time.close();
  }

  private AgentBuilder builder() {
    return FairleadAgent.builder().dial(hub.local()).withoutCredentials().cluster(api.address());
  }

  @Test
  void everyMistakeIsReportedAtOnce() {
    assertThatThrownBy(
            () -> FairleadAgent.builder().pinning("sha1:abc").drainFor(Duration.ofDays(1)).build())
        .isInstanceOf(InvalidException.class)
        .hasMessageContaining("dial: not set")
        .hasMessageContaining("cluster: not set")
        .hasMessageContaining("pinning: ")
        .hasMessageContaining("keepIn: not set")
        .hasMessageContaining("drainFor: PT24H");
  }

  @Test
  void agentIsStartedOnceAndClosedInAnyState() {
    FairleadAgent never = builder().build();
    never.close();
    never.close();
    assertThat(never.state()).isEqualTo(Agent.State.CLOSED);
    assertThatThrownBy(never::start).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> never.awaitConnected(Duration.ofSeconds(1)))
        .isInstanceOf(IllegalStateException.class);

    FairleadAgent agent = builder().build();
    assertThat(agent.state()).isEqualTo(Agent.State.NEW);
    agent.start();
    hub.tunnel();
    assertThatThrownBy(agent::start).isInstanceOf(IllegalStateException.class);
    agent.close();
    assertThat(agent.state()).isEqualTo(Agent.State.CLOSED);
  }

  @Test
  void startThatFailsLeavesAClosedAgent() {
    FairleadAgent agent =
        FairleadAgent.builder()
            .dial(hub.local())
            .withoutCredentials()
            .cluster(ApiServer.kubeconfig(Path.of("/does/not/exist")))
            .build();
    assertThatThrownBy(agent::start)
        .isInstanceOf(InvalidException.class)
        .hasMessageContaining("/does/not/exist does not exist");
    assertThat(agent.state()).isEqualTo(Agent.State.CLOSED);
    agent.close();
  }

  @Test
  void closeWhileConnectingEndsTheWaiting() throws Exception {
    hub.refusal = new TransportException("not today");
    FairleadAgent agent = builder().build();
    agent.start();
    CompletableFuture<Throwable> waited = new CompletableFuture<>();
    Thread waiter =
        new Thread(
            () -> {
              try {
                agent.awaitConnected(Duration.ofMinutes(1));
                waited.complete(null);
              } catch (Throwable e) {
                waited.complete(e);
              }
            });
    waiter.start();
    agent.close();
    assertThat(Answer.soon(waited)).isInstanceOf(IllegalStateException.class);
    waiter.join();
  }

  @Test
  void awaitingATunnelInVainSaysWhyTheLastTryFailed() {
    hub.refusal = new TransportException("not today");
    ManualTime manual = ManualTime.create();
    FairleadAgent agent = builder().time(manual).build();
    agent.start();
    CompletableFuture<Throwable> waited = new CompletableFuture<>();
    Thread waiter =
        new Thread(
            () -> {
              try {
                agent.awaitConnected(Duration.ofSeconds(3));
              } catch (Throwable e) {
                waited.complete(e);
              }
            });
    waiter.start();
    while (!waited.isDone()) {
      manual.advance(Duration.ofSeconds(1));
      Thread.onSpinWait();
    }
    assertThat(Answer.soon(waited))
        .isInstanceOf(TimeoutException.class)
        .hasMessageContaining("the last try ended so");
    agent.close();
  }

  @Test
  void refusalByTheHubIsForGood() {
    hub.refusal = new UnauthenticatedException("the agent's certificate was revoked");
    FairleadAgent agent = builder().build();
    agent.start();
    assertThatThrownBy(() -> agent.awaitConnected(Duration.ofSeconds(20)))
        .isInstanceOf(UnauthenticatedException.class)
        .hasMessageContaining("revoked");
    assertThat(agent.state()).isEqualTo(Agent.State.REFUSED);
    agent.close();
    assertThat(agent.state()).isEqualTo(Agent.State.CLOSED);
  }

  @Test
  void lostTunnelIsDialledAgain() {
    FairleadAgent agent = builder().build();
    agent.start();
    TestHub.Tunnel first = hub.tunnel();
    first.end.abort(new TransportException("the hub died"));
    TestHub.Tunnel second = hub.tunnel();
    assertThat(second).isNotSameAs(first);
    agent.close();
  }

  @Test
  void drainedTunnelIsReplacedFirstAndKeepsItsExchanges() throws Exception {
    FairleadAgent agent = builder().build();
    agent.start();
    TestHub.Tunnel first = hub.tunnel();
    Answer watch = first.get("/api/v1/pods?watch=true");
    TestApiServer.Seen seen = api.request();
    seen.stream().sendHead(Heads.create().status("200"), false);
    first.end.drain();
    TestHub.Tunnel second = hub.tunnel();
    assertThat(first.closed).isNotDone();
    Answer other = second.get("/api/v1/nodes");
    api.request().answer("200", "nodes");
    assertThat(other.body()).isEqualTo("nodes");
    seen.stream().sendData(Unpooled.copiedBuffer("event", StandardCharsets.UTF_8), true);
    assertThat(watch.body()).isEqualTo("event");
    Answer.soon(first.closed);
    assertThat(agent.state()).isEqualTo(Agent.State.CONNECTED);
    agent.close();
  }

  @Test
  void closeLetsExchangesEnd() throws Exception {
    FairleadAgent agent = builder().drainFor(Duration.ofMinutes(5)).build();
    agent.start();
    TestHub.Tunnel tunnel = hub.tunnel();
    Answer answer = tunnel.get("/api/v1/pods");
    TestApiServer.Seen seen = api.request();
    Thread closer = new Thread(agent::close);
    closer.start();
    Answer.soon(tunnel.draining);
    assertThat(tunnel.end.takesExchanges()).isFalse();
    seen.answer("200", "to the end");
    assertThat(answer.body()).isEqualTo("to the end");
    closer.join();
    assertThat(agent.state()).isEqualTo(Agent.State.CLOSED);
  }

  @Test
  void closeCutsWhatOutlastsTheDrain() throws Exception {
    FairleadAgent agent = builder().drainFor(Duration.ofMillis(50)).build();
    agent.start();
    Answer watch = hub.tunnel().get("/api/v1/pods?watch=true");
    api.request().stream().sendHead(Heads.create().status("200"), false);
    assertThat(watch.status()).isEqualTo("200");
    agent.close();
    watch.reset();
    assertThat(watch.end).isNotDone();
  }
}
