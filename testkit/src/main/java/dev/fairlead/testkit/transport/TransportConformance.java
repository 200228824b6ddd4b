package dev.fairlead.testkit.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.api.FairleadException;
import dev.fairlead.api.LimitException;
import dev.fairlead.api.TransportException;
import dev.fairlead.api.UnauthenticatedException;
import dev.fairlead.api.transport.AgentTransport;
import dev.fairlead.api.transport.HubTransport;
import dev.fairlead.api.transport.Peer;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * What every transport has to hold: extend this, say how to make the two ends, and run it. Each
 * case makes transports of its own and closes them; besides what its name says it checks what
 * {@link dev.fairlead.api.transport.Pipe.Listener} promises at all times. One case counts the
 * threads, files and memory of the whole process, so nothing else should run beside the kit.
 *
 * <pre>{@code
 * class MyTransportTest extends TransportConformance {
 *   protected HubTransport hub(@Nullable String address) {
 *     return MyTransport.listen(address == null ? 0 : portOf(address));
 *   }
 *
 *   protected AgentTransport agent(String address) {
 *     return MyTransport.to("127.0.0.1", portOf(address));
 *   }
 * }
 * }</pre>
 */
public abstract class TransportConformance extends ManyPipesCases {

  /** For implementations of this kit. */
  protected TransportConformance() {}

  @Test
  void aRefusedAgentLearnsThatItIsNotAccepted() {
    FairleadException seen = refusedWith(new UnauthenticatedException("agent a1 is not known"));
    assertThat(seen)
        .isInstanceOf(UnauthenticatedException.class)
        .hasMessageContaining("agent a1 is not known");
  }

  @Test
  void aRefusedAgentLearnsOfALimit() {
    FairleadException seen = refusedWith(new LimitException("100 tunnels (expected: at most 100)"));
    assertThat(seen).isInstanceOf(LimitException.class).hasMessageContaining("100 tunnels");
  }

  @Test
  void aFailureOfTheHubReachesTheAgentWithoutItsDetails() {
    FairleadException seen = refusedWith(new IllegalStateException("password=hunter2"));
    assertThat(seen).isInstanceOf(TransportException.class).message().doesNotContain("hunter2");
  }

  private FairleadException refusedWith(RuntimeException refusal) {
    HubTransport hub = newHub();
    hub.start(
        new FakeEndpoint(
            hubTls(),
            (pipe, peer) -> {
              throw refusal;
            }));
    End agent = dial(closing(agent(hub.address())));
    Throwable cause = agent.seen().awaitClosed();
    assertThat(agent.seen().readies()).isZero();
    assertThat(cause).isInstanceOf(FairleadException.class);
    return (FairleadException) Objects.requireNonNull(cause);
  }

  @Test
  void aSlowAcceptDoesNotHoldUpOtherPipes() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch blocked = new CountDownLatch(1);
    AtomicInteger pipes = new AtomicInteger();
    FakeEndpoint welcoming = welcoming();
    HubTransport hub = newHub();
    hub.start(
        new FakeEndpoint(
            hubTls(),
            (pipe, peer) -> {
              if (pipes.getAndIncrement() == 0) {
                blocked.countDown();
                awaitCount(release);
              }
              welcoming.accept(pipe, peer);
            }));
    AgentTransport transport = closing(agent(hub.address()));
    End first = dial(transport);
    assertThat(blocked.await(patience().toNanos(), TimeUnit.NANOSECONDS)).isTrue();
    End second = dial(transport);
    second.seen().awaitReadies(1);
    assertThat(first.seen().readies()).isZero();
    release.countDown();
    first.seen().awaitReadies(1);
  }

  @Test
  void theHubLearnsWhoDialled() throws Exception {
    CompletableFuture<Peer> seen = new CompletableFuture<>();
    HubTransport hub = newHub();
    FakeEndpoint welcoming = welcoming();
    hub.start(
        new FakeEndpoint(
            hubTls(),
            (pipe, peer) -> {
              seen.complete(peer);
              welcoming.accept(pipe, peer);
            }));
    dial(closing(agent(hub.address()))).seen().awaitReadies(1);
    assertKnown(seen.get(patience().toNanos(), TimeUnit.NANOSECONDS));
  }

  @Test
  void aDialWhileNobodyListensClosesWithACause() {
    HubTransport hub = listen();
    hub.close();
    End agent = dial(dialler());
    assertThat(agent.seen().awaitClosed()).isInstanceOf(TransportException.class);
    assertThat(agent.seen().readies()).isZero();
  }

  @Test
  void closingTheHubClosesItsPipes() {
    Connection pipe = connect();
    listen().close();
    assertThat(pipe.hub().seen().closes()).isEqualTo(1);
    assertThat(pipe.agent().seen().awaitClosed()).isInstanceOf(TransportException.class);
  }

  @Test
  void closingTheAgentClosesItsPipes() {
    Connection pipe = connect();
    dialler().close();
    assertThat(pipe.agent().seen().closes()).isEqualTo(1);
    assertThat(pipe.hub().seen().awaitClosed()).isInstanceOf(TransportException.class);
  }

  @Test
  void aHubThatStartsAgainAtItsAddressIsFound() {
    Connection before = connect();
    String address = listen().address();
    listen().close();
    assertThat(before.agent().seen().awaitClosed()).isInstanceOf(TransportException.class);
    HubTransport again = closing(hub(address));
    again.start(welcoming());
    assertThat(again.address()).isEqualTo(address);
    End agent = dial(dialler());
    agent.seen().awaitReadies(1);
    accepted().seen().awaitReadies(1);
  }

  @Test
  void anAddressInUseIsRefusedWithASentence() {
    HubTransport hub = listen();
    HubTransport second = closing(hub(hub.address()));
    assertThatThrownBy(() -> second.start(welcoming()))
        .isInstanceOf(TransportException.class)
        .hasMessageContaining("in use");
  }

  @Test
  void aTransportStartsOnceAndClosesAnyNumberOfTimes() {
    HubTransport hub = listen();
    assertThatThrownBy(() -> hub.start(welcoming())).isInstanceOf(IllegalStateException.class);
    hub.close();
    hub.close();
    assertThatThrownBy(() -> hub.start(welcoming())).isInstanceOf(IllegalStateException.class);
    HubTransport neverStarted = hub(null);
    neverStarted.close();
    assertThatThrownBy(() -> neverStarted.start(welcoming()))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aClosedAgentTransportRefusesCalls() {
    AgentTransport agent = dialler();
    agent.close();
    agent.close();
    assertThatThrownBy(() -> agent.dial(agentTls())).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> agent.renew(agentTls(), new byte[1]))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> agent.enrol(authority().trust(), token(), new byte[1]))
        .isInstanceOf(IllegalStateException.class);
  }
}
