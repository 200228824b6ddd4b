package dev.fairlead.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.api.Time.Scheduled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ManualTimeTest {

  private final ManualTime time = ManualTime.create();
  private final List<String> ran = new ArrayList<>();

  private Runnable noting(String name) {
    return () -> ran.add(name + "@" + time.nanoTime() / 1_000_000);
  }

  @Test
  void timeStandsStillUntilItIsMoved() {
    assertThat(time.instant()).isEqualTo(ManualTime.START);
    time.advance(Duration.ofMinutes(1));
    assertThat(time.instant()).isEqualTo(ManualTime.START.plusSeconds(60));
    assertThat(time.nanoTime()).isEqualTo(60_000_000_000L);
  }

  @Test
  void wallClockJumpsAloneAndMovesNothingElse() {
    time.schedule(Duration.ofSeconds(1), noting("task"));
    time.jump(Duration.ofHours(-2));
    time.advance(Duration.ofMillis(999));
    assertThat(ran).isEmpty();
    assertThat(time.instant()).isEqualTo(ManualTime.START.minusSeconds(7_200).plusMillis(999));
    time.jump(Duration.ofHours(5));
    assertThat(ran).isEmpty();
    assertThat(time.nanoTime()).isEqualTo(999_000_000L);
    time.advance(Duration.ofMillis(1));
    assertThat(ran).containsExactly("task@1000");
  }

  @Test
  void tasksRunInTheOrderOfTheirMoments() {
    time.schedule(Duration.ofMillis(20), noting("late"));
    time.schedule(Duration.ofMillis(10), noting("first"));
    time.schedule(Duration.ofMillis(10), noting("second"));
    time.advance(Duration.ofMillis(9));
    assertThat(ran).isEmpty();
    time.advance(Duration.ofMillis(50));
    assertThat(ran).containsExactly("first@10", "second@10", "late@20");
    assertThat(time.scheduled()).isZero();
  }

  @Test
  void tasksThatTasksScheduleRunInTheSameAdvance() {
    time.schedule(
        Duration.ofMillis(10),
        () -> {
          noting("outer").run();
          time.schedule(Duration.ofMillis(5), noting("inner"));
          time.schedule(Duration.ofMillis(500), noting("tooLate"));
        });
    time.advance(Duration.ofMillis(100));
    assertThat(ran).containsExactly("outer@10", "inner@15");
  }

  @Test
  void aDelayOfNothingRunsWithAnAdvanceOfNothing() {
    time.schedule(Duration.ofMillis(-5), noting("now"));
    assertThat(ran).isEmpty();
    time.advance(Duration.ZERO);
    assertThat(ran).containsExactly("now@0");
  }

  @Test
  void cancelledTasksDoNotRun() {
    Scheduled task = time.schedule(Duration.ofMillis(1), noting("cancelled"));
    task.cancel();
    task.cancel();
    time.advance(Duration.ofSeconds(1));
    assertThat(ran).isEmpty();
  }

  @Test
  void aTaskThatFailsComesOutAndTheNextOnesWait() {
    time.schedule(
        Duration.ofMillis(1),
        () -> {
          throw new IllegalStateException("broken task");
        });
    time.schedule(Duration.ofMillis(2), noting("next"));
    assertThatThrownBy(() -> time.advance(Duration.ofMillis(5))).hasMessage("broken task");
    assertThat(ran).isEmpty();
    time.advance(Duration.ofMillis(1));
    assertThat(ran).containsExactly("next@2");
  }

  @Test
  void timeNeverGoesBackNorMovesWithinATask() {
    assertThatThrownBy(() -> time.advance(Duration.ofMillis(-1)))
        .isInstanceOf(IllegalArgumentException.class);
    time.schedule(Duration.ZERO, () -> time.advance(Duration.ofMillis(1)));
    assertThatThrownBy(() -> time.advance(Duration.ZERO)).isInstanceOf(IllegalStateException.class);
  }
}
