package dev.fairlead.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class BackoffTest {

  /** Always the largest number that may come. */
  private static final RandomGenerator LARGEST =
      new RandomGenerator() {
        @Override
        public long nextLong() {
          return Long.MAX_VALUE;
        }

        @Override
        public long nextLong(long bound) {
          return bound - 1;
        }
      };

  private static final RandomGenerator SMALLEST =
      new RandomGenerator() {
        @Override
        public long nextLong() {
          return 0;
        }

        @Override
        public long nextLong(long bound) {
          return 0;
        }
      };

  @Test
  void boundDoublesUpToTheCapAndBeginsAnew() {
    Backoff backoff = new Backoff(LARGEST, Tunnels.FIRST_PAUSE, Tunnels.LONGEST_PAUSE);
    assertThat(backoff.next()).isEqualTo(Duration.ofMillis(500));
    assertThat(backoff.next()).isEqualTo(Duration.ofSeconds(1));
    for (int i = 0; i < 4; i++) {
      backoff.next();
    }
    for (int i = 0; i < 100; i++) {
      assertThat(backoff.next()).isEqualTo(Duration.ofSeconds(30));
    }
    backoff.reset();
    assertThat(backoff.next()).isEqualTo(Duration.ofMillis(500));
  }

  @Test
  void jitterIsFull() {
    Backoff backoff = new Backoff(SMALLEST, Tunnels.FIRST_PAUSE, Tunnels.LONGEST_PAUSE);
    assertThat(backoff.next()).isEqualTo(Duration.ZERO);
  }
}
