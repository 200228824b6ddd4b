package dev.fairlead.testkit.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.InstallToken;
import dev.fairlead.api.transport.AgentTransport;
import dev.fairlead.api.transport.Enrolment;
import dev.fairlead.api.transport.HubEndpoint;
import dev.fairlead.api.transport.HubTransport;
import dev.fairlead.api.transport.Peer;
import dev.fairlead.api.transport.Pipe;
import dev.fairlead.api.transport.TlsMaterial;
import dev.fairlead.core.memory.InMemoryTransport;
import dev.fairlead.testkit.ManualTime;
import dev.fairlead.testkit.TestAuthority;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FaultsTest {

  private final ManualTime time = ManualTime.create();
  private final Faults faults = Faults.none(time);
  private final InMemoryTransport memory = InMemoryTransport.create();
  private final HubTransport hub = memory.hub();
  private final AgentTransport agent = faults.wrap(memory.agent(ClusterName.of("prod"), "a1"));
  private final Told atHub = new Told();
  private final Told atAgent = new Told();
  private Pipe hubPipe;
  private Pipe agentPipe;

  @BeforeEach
  void connect() throws Exception {
    TlsMaterial tls = TestAuthority.create().trust();
    CompletableFuture<Pipe> accepted = new CompletableFuture<>();
    hub.start(
        new HubEndpoint() {
          @Override
          public TlsMaterial tls() {
            return tls;
          }

          @Override
          public Enrolment enrol(InstallToken token, byte[] csr) {
            throw new AssertionError("unexpected");
          }

          @Override
          public Enrolment renew(Peer peer, byte[] csr) {
            throw new AssertionError("unexpected");
          }

          @Override
          public void accept(Pipe pipe, Peer peer) {
            pipe.start(accepted.isDone() ? new Told() : atHub);
            accepted.complete(pipe);
          }
        });
    agentPipe = agent.dial(tls);
    agentPipe.start(atAgent);
    hubPipe = accepted.get(30, TimeUnit.SECONDS);
    assertThat(atHub.next()).isEqualTo("ready");
    assertThat(atAgent.next()).isEqualTo("ready");
  }

  @AfterEach
  void close() {
    agent.close();
    hub.close();
    faults.close();
  }

  @Test
  void stalledReadsWaitAndGoOn() {
    agentPipe.request(10);
    faults.stallReads();
    hubPipe.write(bytes(1, 2));
    hubPipe.end();
    anotherPipeOpens();
    assertThat(atAgent.toldSoFar()).isEmpty();
    agentPipe.request(1);
    faults.resumeReads();
    assertThat(atAgent.next()).isEqualTo("data 1 2");
    assertThat(atAgent.next()).isEqualTo("end");
  }

  @Test
  void stalledReadsStallTheWriter() {
    faults.stallReads();
    agentPipe.request(Integer.MAX_VALUE);
    int written = 0;
    while (hubPipe.isReady() && written <= 1 << 20) {
      hubPipe.write(ByteBuffer.allocate(Pipe.MAX_CHUNK));
      written += Pipe.MAX_CHUNK;
    }
    assertThat(written).isLessThanOrEqualTo(1 << 20);
  }

  @Test
  void stalledWritesAreNotReadyUntilTheyResume() {
    faults.stallWrites();
    assertThat(agentPipe.isReady()).isFalse();
    faults.resumeWrites();
    assertThat(atAgent.next()).isEqualTo("ready");
    assertThat(agentPipe.isReady()).isTrue();
  }

  @Test
  void noPipeIsWrappedAfterTheClose() {
    faults.close();
    assertThatThrownBy(() -> faults.wrap(hubPipe))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void chunksAreSplit() {
    faults.splitInto(1);
    agentPipe.request(2);
    hubPipe.write(bytes(1, 2, 3));
    assertThat(atAgent.next()).isEqualTo("data 1");
    assertThat(atAgent.next()).isEqualTo("data 2");
    hubPipe.end();
    agentPipe.request(10);
    assertThat(atAgent.next()).isEqualTo("data 3");
    assertThat(atAgent.next()).isEqualTo("end");
  }

  @Test
  void delayedBytesArriveWhenTimeHasPassed() {
    faults.delay(Duration.ofMillis(100));
    agentPipe.request(10);
    hubPipe.write(bytes(1));
    awaitScheduled(1);
    time.advance(Duration.ofMillis(50));
    hubPipe.write(bytes(2));
    awaitScheduled(2);
    time.advance(Duration.ofMillis(49));
    assertThat(atAgent.toldSoFar()).isEmpty();
    time.advance(Duration.ofMillis(1));
    assertThat(atAgent.next()).isEqualTo("data 1");
    assertThat(atAgent.toldSoFar()).isEmpty();
    time.advance(Duration.ofMillis(50));
    assertThat(atAgent.next()).isEqualTo("data 2");
  }

  @Test
  void aShorterDelayKeepsTheOrder() {
    faults.delay(Duration.ofMillis(100));
    agentPipe.request(10);
    hubPipe.write(bytes(1));
    awaitScheduled(1);
    faults.delay(Duration.ZERO);
    hubPipe.write(bytes(2));
    awaitScheduled(2);
    time.advance(Duration.ofMillis(100));
    assertThat(atAgent.next()).isEqualTo("data 1");
    assertThat(atAgent.next()).isEqualTo("data 2");
  }

  @Test
  void aBandwidthLetsBytesArriveOneAfterTheOther() {
    faults.bandwidth(1_000);
    faults.delay(Duration.ofMillis(10));
    agentPipe.request(10);
    hubPipe.write(ByteBuffer.allocate(100));
    awaitScheduled(1);
    hubPipe.write(bytes(1));
    awaitScheduled(2);
    time.advance(Duration.ofMillis(109));
    assertThat(atAgent.toldSoFar()).isEmpty();
    time.advance(Duration.ofMillis(1));
    assertThat(atAgent.next()).startsWith("data 0 0 ");
    assertThat(atAgent.toldSoFar()).isEmpty();
    time.advance(Duration.ofMillis(1));
    assertThat(atAgent.next()).isEqualTo("data 1");
  }

  @Test
  void whatIsOnItsWayThroughANetworkDoesNotWaitForDemand() {
    faults.bandwidth(1_000_000);
    faults.delay(Duration.ofMillis(10));
    agentPipe.request(1);
    for (int i = 1; i <= 20; i++) {
      hubPipe.write(bytes(i));
      awaitScheduled(i);
    }
    time.advance(Duration.ofMillis(11));
    assertThat(atAgent.next()).isEqualTo("data 1");
    assertThat(atAgent.toldSoFar()).isEmpty();
    agentPipe.request(19);
    for (int i = 2; i <= 20; i++) {
      assertThat(atAgent.next()).isEqualTo("data " + i);
    }
  }

  @Test
  void aBandwidthNeedsAClockAndAtLeastAByte() {
    assertThatThrownBy(() -> faults.bandwidth(0)).isInstanceOf(IllegalArgumentException.class);
    try (Faults timeless = Faults.none()) {
      assertThatThrownBy(() -> timeless.bandwidth(1)).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void aDelayNeedsAClock() {
    try (Faults timeless = Faults.none()) {
      assertThatThrownBy(() -> timeless.delay(Duration.ofMillis(1)))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void aCutTellsBothSides() {
    faults.cut(new IllegalStateException("cable pulled"));
    assertThat(atAgent.next()).isEqualTo("closed: cable pulled");
    assertThat(atHub.next()).startsWith("closed: ");
  }

  @Test
  void aVanishedPeerIsSilentInBothDirections() {
    agentPipe.request(10);
    hubPipe.request(10);
    faults.vanish();
    assertThat(agentPipe.isReady()).isTrue();
    ByteBuffer lost = bytes(1, 2, 3);
    agentPipe.write(lost);
    assertThat(lost.hasRemaining()).isFalse();
    agentPipe.end();
    hubPipe.write(bytes(4));
    agentPipe.abort(new IllegalStateException("given up"));
    assertThat(atAgent.next()).isEqualTo("closed: given up");
    anotherPipeOpens();
    assertThat(atHub.toldSoFar()).isEmpty();
    assertThat(atAgent.toldSoFar()).isEmpty();
  }

  @Test
  void aVanishedPipeClosesWithItsTransport() {
    faults.vanish();
    agent.close();
    assertThat(atAgent.next()).startsWith("closed: ");
  }

  /** Lets another pipe open, so that what the hub's thread had to do before it is done. */
  private void anotherPipeOpens() {
    try (AgentTransport other = memory.agent(ClusterName.of("other"), "a2")) {
      Told told = new Told();
      other.dial(TestAuthority.create().trust()).start(told);
      assertThat(told.next()).isEqualTo("ready");
    }
  }

  private void awaitScheduled(int count) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (time.scheduled() < count) {
      assertThat(System.nanoTime()).as("deadline: nothing was scheduled").isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  private static ByteBuffer bytes(int... values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length);
    for (int value : values) {
      bytes.put((byte) value);
    }
    return bytes.flip();
  }

  /** What a listener was told, in words. */
  private static final class Told implements Pipe.Listener {
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

    String next() {
      try {
        String next = told.poll(30, TimeUnit.SECONDS);
        assertThat(next).as("a callback within 30 s").isNotNull();
        return next;
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new AssertionError(interrupted);
      }
    }

    List<String> toldSoFar() {
      return List.copyOf(told);
    }

    @Override
    public void onReady() {
      told.add("ready");
    }

    @Override
    public void onData(ByteBuffer data) {
      StringBuilder text = new StringBuilder("data");
      while (data.hasRemaining()) {
        text.append(' ').append(data.get());
      }
      told.add(text.toString());
    }

    @Override
    public void onEnd() {
      told.add("end");
    }

    @Override
    public void onClosed(@Nullable Throwable cause) {
      told.add(cause == null ? "closed" : "closed: " + cause.getMessage());
    }
  }
}
