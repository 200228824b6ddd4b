package dev.fairlead.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.benchmarks.report.Figure.Comparison;
import dev.fairlead.benchmarks.report.Figure.Goal;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ResultsTest {

  private static final Figure RATE =
      Figure.of("rate", "requests", "1/s", Comparison.SHARE)
          .withGoals(Map.of("grpc", Goal.atLeast(0.4)));
  private static final Figure DELAY =
      Figure.of("delay", "delay", "µs", Comparison.ADDED)
          .withGoals(Map.of("grpc", Goal.atMost(200)));

  private final Results results = new Results();

  @Test
  void eachRoundIsComparedWithTheDirectWayOfTheSameRound() {
    add(RATE, "direct", 100, 200);
    add(RATE, "grpc", 50, 80);

    assertThat(results.compared(RATE, "grpc"))
        .hasValueSatisfying(shares -> assertThat(shares).containsExactly(0.5, 0.4));
    assertThat(results.compared(RATE, "direct")).isEmpty();
  }

  @Test
  void theMiddleRoundDecidesOnTheGoal() {
    add(DELAY, "direct", 100, 100, 100);
    add(DELAY, "grpc", 290, 900, 280);
    assertThat(results.reached(DELAY, "grpc")).contains(true);

    add(RATE, "direct", 100, 100, 100);
    add(RATE, "grpc", 90, 30, 39);
    assertThat(results.reached(RATE, "grpc")).contains(false);
  }

  @Test
  void whatCannotBeIsAbsurd() {
    add(RATE, "direct", 100);
    add(RATE, "grpc", 60);
    assertThat(results.absurdities()).isEmpty();

    add(RATE, "memory", 160);
    add(RATE, "websocket", 0);
    add(DELAY, "grpc", Double.NaN);
    assertThat(results.absurdities()).hasSize(3);
  }

  @Test
  void theTableShowsSpreadRatioAndGoal() {
    add(RATE, "direct", 100, 200, 300);
    add(RATE, "grpc", 50, 80, 150);

    assertThat(Table.of(results).lines().skip(3))
        .singleElement()
        .asString()
        .contains("grpc", "80.0", "50.0 – 150", "×0.50", "×0.40 – ×0.50", "≥ 0.40 yes");
  }

  private void add(Figure figure, String way, double... values) {
    for (double value : values) {
      results.add(figure, way, value);
    }
  }
}
