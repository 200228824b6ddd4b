package dev.fairlead.core.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RatesTest {

  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final Rates<String> rates = new Rates<>(10, () -> now);

  private int taken(String key, int tries) {
    int taken = 0;
    for (int i = 0; i < tries; i++) {
      if (rates.take(key)) {
        taken++;
      }
    }
    return taken;
  }

  @Test
  void aSecondsWorthMayComeAtOnceAndThenAnEvenFlow() {
    assertThat(taken("a", 100)).isEqualTo(10);
    now = now.plusMillis(100);
    assertThat(taken("a", 100)).isEqualTo(1);
    now = now.plusMillis(250);
    assertThat(taken("a", 100)).isEqualTo(2);
    now = now.plusSeconds(60);
    assertThat(taken("a", 100)).as("nothing is saved up beyond that").isEqualTo(10);
  }

  @Test
  void keysDoNotConcernEachOther() {
    assertThat(taken("a", 100)).isEqualTo(10);
    assertThat(taken("b", 100)).isEqualTo(10);
  }

  @Test
  void aClockThatIsSetBackShutsNobodyOut() {
    assertThat(taken("a", 100)).isEqualTo(10);
    now = now.minus(Duration.ofHours(1));
    assertThat(taken("a", 100)).isEqualTo(10);
  }

  @Test
  void whoIsQuietIsForgotten() {
    for (int i = 0; i < 10_000; i++) {
      rates.take("user-" + i);
    }
    now = now.plusSeconds(5);
    rates.take("a");
    assertThat(rates.keys()).isLessThan(10);
  }
}
