package dev.fairlead.benchmarks.measure;

import dev.fairlead.benchmarks.lab.Nginx;
import dev.fairlead.benchmarks.load.Wrk;
import dev.fairlead.benchmarks.report.Figure;
import dev.fairlead.benchmarks.report.Figure.Comparison;

/** How long a small request takes, one after the other on one connection. */
final class Latency implements Measure {

  private static final Figure P50 =
      Figure.of("latency-p50", "GET of 1 KiB, 1 connection, p50", "µs", Comparison.ADDED)
          .withGoals(Goals.atMost(300, 200));
  private static final Figure P99 =
      Figure.of("latency-p99", "GET of 1 KiB, 1 connection, p99", "µs", Comparison.ADDED);

  @Override
  public String name() {
    return "latency";
  }

  @Override
  public void run(Bench bench) {
    bench.eachRound(
        name(),
        way -> {
          Wrk seen = Wrk.run(way, Nginx.SMALL_PATH, 1, bench.plan().seconds());
          bench.results().add(P50, way.name(), seen.p50Micros());
          bench.results().add(P99, way.name(), seen.p99Micros());
        });
  }
}
