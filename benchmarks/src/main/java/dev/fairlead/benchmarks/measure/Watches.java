package dev.fairlead.benchmarks.measure;

import dev.fairlead.benchmarks.lab.LabException;
import dev.fairlead.benchmarks.lab.Nginx;
import dev.fairlead.benchmarks.lab.WatchSource;
import dev.fairlead.benchmarks.lab.Way;
import dev.fairlead.benchmarks.load.Watchers;
import dev.fairlead.benchmarks.report.Figure;
import dev.fairlead.benchmarks.report.Figure.Comparison;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How late events come when many watch: spread over each second, and all in the same moment. */
final class Watches implements Measure {

  private static final int SECOND = 1_000;
  private static final int PATIENCE_MILLIS = 30_000;
  private static final int STEP_MILLIS = 20;
  private static final double MILLI = 1e6;

  @Override
  public String name() {
    return "watches";
  }

  @Override
  public void run(Bench bench) {
    int count = bench.plan().watches();
    Figure spread =
        Figure.of("watches-p99", count + " watches, event delay p99", "ms", Comparison.NONE)
            .withGoals(Goals.atMost(25, 20));
    Figure spreadP50 = Figure.of("watches-p50", "· p50", "ms", Comparison.NONE);
    Figure burst =
        Figure.of(
            "watches-burst-p99",
            "· p99 when all get one in the same moment",
            "ms",
            Comparison.NONE);
    bench.eachRound(
        name(),
        way -> {
          WatchSource source = bench.lab().watches();
          awaitOpen(source, way, 0, () -> null);
          try (Watchers watchers = Watchers.open(way, Nginx.WATCH_PATH, count)) {
            awaitOpen(source, way, count, watchers::failure);
            long[] delays = events(bench, source, watchers, SECOND);
            bench.results().add(spread, way.name(), percentile(delays, 99) / MILLI);
            bench.results().add(spreadP50, way.name(), percentile(delays, 50) / MILLI);
            delays = events(bench, source, watchers, 0);
            bench.results().add(burst, way.name(), percentile(delays, 99) / MILLI);
            if (watchers.ended() > 0) {
              throw new LabException(watchers.ended() + " watches ended on " + way.name());
            }
          }
        });
  }

  /** Sends every watch an event each second, and gets the delays in ascending order. */
  private static long[] events(Bench bench, WatchSource source, Watchers watchers, int overMillis) {
    int seconds = bench.plan().seconds();
    // Once for nothing, for what is done for the first time.
    source.sendToAll(overMillis);
    Bench.pause(2 * SECOND);
    watchers.forget();
    for (int i = 0; i < seconds; i++) {
      source.sendToAll(overMillis);
      Bench.pause(SECOND);
    }
    int expected = seconds * bench.plan().watches();
    long[] delays = watchers.delays();
    for (int waited = 0; delays.length < expected; waited += STEP_MILLIS) {
      if (waited > PATIENCE_MILLIS) {
        throw new LabException(
            delays.length + " events arrived (expected: " + expected + ", each once)");
      }
      Bench.pause(STEP_MILLIS);
      delays = watchers.delays();
    }
    return delays;
  }

  private static void awaitOpen(
      WatchSource source, Way way, int count, Supplier<@Nullable String> failure) {
    for (int waited = 0; source.open() != count; waited += STEP_MILLIS) {
      if (waited > PATIENCE_MILLIS) {
        String why = failure.get();
        throw new LabException(
            source.open()
                + " watches are open on "
                + way.name()
                + " (expected: "
                + count
                + (why == null ? ")" : "; the first that failed: " + why + ")"));
      }
      Bench.pause(STEP_MILLIS);
    }
  }

  private static double percentile(long[] sorted, int percent) {
    return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)];
  }
}
