package dev.fairlead.core.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.api.LimitException;
import dev.fairlead.api.Time;
import dev.fairlead.api.metrics.FairleadMetrics;
import dev.fairlead.core.metrics.MemoryMetrics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How the hub sheds agents that all come at once. */
final class AgentGateTest {

  private static final int A_SECOND = 10;
  private static final int OPENING = 4;

  private long nanos;
  private final MemoryMetrics metrics = new MemoryMetrics();
  private final AgentGate gate =
      new AgentGate(new AgentLimits(A_SECOND, OPENING, 2), time(), metrics);

  private Time time() {
    return new Time() {
      @Override
      public long nanoTime() {
        return nanos;
      }

      @Override
      public Instant instant() {
        return Instant.EPOCH.plusNanos(nanos);
      }

      @Override
      public Scheduled schedule(Duration delay, Runnable task) {
        throw new AssertionError("nothing has to wait");
      }
    };
  }

  private void pass(Duration duration) {
    nanos += duration.toNanos();
  }

  private long refusals(String reason) {
    return metrics.value(FairleadMetrics.REFUSALS, reason);
  }

  /** Tunnels whose agents speak at once. */
  private int taken(int tries) {
    int taken = 0;
    for (int i = 0; i < tries; i++) {
      try {
        gate.enterTunnel().run();
        taken++;
      } catch (LimitException beyond) {
        assertThat(beyond).hasMessageContaining("10 a second (expected: fewer");
      }
    }
    return taken;
  }

  @Test
  void ofAStormAsManyComeInASecondAsTheHubTakes() {
    assertThat(taken(10_000)).isEqualTo(A_SECOND);
    assertThat(refusals("tunnel-rate")).isEqualTo(10_000 - A_SECOND);
    pass(Duration.ofMillis(500));
    assertThat(taken(10_000)).isEqualTo(A_SECOND / 2);
    pass(Duration.ofHours(1));
    assertThat(taken(10_000)).as("nothing is saved up").isEqualTo(A_SECOND);
  }

  @Test
  void tunnelsWhoseAgentsDoNotSpeakAreFew() {
    List<Runnable> silent = new ArrayList<>();
    for (int i = 0; i < OPENING; i++) {
      silent.add(gate.enterTunnel());
    }
    assertThatThrownBy(gate::enterTunnel)
        .isInstanceOf(LimitException.class)
        .hasMessageContaining("4 are just being opened");
    assertThat(refusals("tunnels-opening")).isOne();
    silent.get(0).run();
    silent.get(0).run();
    silent.add(gate.enterTunnel());
    assertThatThrownBy(gate::enterTunnel).as("twice told").isInstanceOf(LimitException.class);
  }

  @Test
  void whoIsTurnedAwayForTheRateTakesNoPlace() {
    taken(A_SECOND);
    for (int i = 0; i < 3 * OPENING; i++) {
      assertThatThrownBy(gate::enterTunnel).hasMessageContaining("a second");
    }
    pass(Duration.ofSeconds(1));
    assertThat(taken(OPENING)).isEqualTo(OPENING);
  }

  @Test
  void certificatesHaveARateOfTheirOwn() {
    gate.enterCertificate();
    gate.enterCertificate();
    assertThatThrownBy(gate::enterCertificate)
        .isInstanceOf(LimitException.class)
        .hasMessageContaining("2 a second");
    assertThat(refusals("certificate-rate")).isOne();
    assertThat(taken(1)).isOne();
  }
}
