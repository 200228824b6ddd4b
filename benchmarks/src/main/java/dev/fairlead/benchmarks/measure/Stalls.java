package dev.fairlead.benchmarks.measure;

import dev.fairlead.benchmarks.lab.Nginx;
import dev.fairlead.benchmarks.load.StalledReaders;
import dev.fairlead.benchmarks.load.Wrk;
import dev.fairlead.benchmarks.report.Figure;
import dev.fairlead.benchmarks.report.Figure.Comparison;

/** What others notice of readers that stall. */
final class Stalls implements Measure {

  private static final int SETTLE_MILLIS = 500;

  @Override
  public String name() {
    return "stalls";
  }

  @Override
  public void run(Bench bench) {
    for (int count : bench.plan().stalled()) {
      Figure p99 =
          Figure.of(
                  "stalled-" + count + "-p99",
                  "GET p99 while " + count + " readers stall / before",
                  "×",
                  Comparison.NONE)
              .withGoals(Goals.atMost(1.1, 1.1));
      Figure p50 = Figure.of("stalled-" + count + "-p50", "· p50 likewise", "×", Comparison.NONE);
      bench.eachRound(
          "stalls",
          way -> {
            Wrk before = Wrk.run(way, Nginx.SMALL_PATH, 1, bench.plan().seconds());
            try (StalledReaders stalled = StalledReaders.open(way, Nginx.LARGE_PATH, count)) {
              Bench.pause(SETTLE_MILLIS);
              Wrk during = Wrk.run(way, Nginx.SMALL_PATH, 1, bench.plan().seconds());
              bench.results().add(p99, way.name(), during.p99Micros() / before.p99Micros());
              bench.results().add(p50, way.name(), during.p50Micros() / before.p50Micros());
            }
            Bench.pause(SETTLE_MILLIS);
          });
    }
  }
}
