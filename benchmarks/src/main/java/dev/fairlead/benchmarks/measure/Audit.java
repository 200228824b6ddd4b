package dev.fairlead.benchmarks.measure;

import dev.fairlead.benchmarks.lab.Lab;
import dev.fairlead.benchmarks.lab.Nginx;
import dev.fairlead.benchmarks.lab.Way;
import dev.fairlead.benchmarks.load.PacedLoad;
import dev.fairlead.benchmarks.report.Figure;
import dev.fairlead.benchmarks.report.Figure.Comparison;
import dev.fairlead.benchmarks.report.Figure.Goal;
import dev.fairlead.benchmarks.report.Results;
import java.nio.file.Path;

/**
 * How much slower requests are when a record of each one's start and end is written, at a rate that
 * makes 20,000 records a second, against another hub without an audit trail.
 */
final class Audit implements Measure {

  private static final int CONNECTIONS = 32;
  private static final int A_SECOND_EACH = 320;
  private static final double GOAL = 1.05;

  private static final Figure RECORDS =
      figure("records", "GETs at a fixed rate: records of the audit trail", "1/s");
  private static final Figure P50 = figure("p50", "· p50", "µs");
  private static final Figure P50_TIMES =
      figure("p50-times", "· p50 with the trail / without", "×")
          .withGoals(Goals.all(Goal.atMost(GOAL)));
  private static final Figure P99_TIMES =
      figure("p99-times", "· p99 with the trail / without", "×");
  private static final Figure HUB_CPU = figure("hub-cpu", "· CPU of the hub, a request", "µs");

  private static Figure figure(String id, String title, String unit) {
    return Figure.of("audit-" + id, title, unit, Comparison.NONE);
  }

  @Override
  public String name() {
    return "audit";
  }

  @Override
  public void run(Bench bench) {
    for (Way audited : bench.ways()) {
      if (bench.tunnels().contains(audited.name())) {
        Way without = bench.lab().through(audited.name() + Lab.UNAUDITED);
        try {
          measure(bench, audited, without);
        } finally {
          without.processes().forEach(bench.lab()::stop);
        }
      }
    }
  }

  private static void measure(Bench bench, Way audited, Way without) {
    String way = audited.name();
    Results results = bench.results();
    bench.progress().accept("audit: warming up " + way + ", without and with its trail");
    load(bench, without, bench.plan().warmUpSeconds());
    load(bench, audited, bench.plan().warmUpSeconds());
    for (int round = 1; round <= bench.plan().rounds(); round++) {
      bench
          .progress()
          .accept("audit: " + way + ", round " + round + " of " + bench.plan().rounds());
      // In this order, what changes steadily on the machine strikes both alike.
      int seconds = bench.plan().seconds();
      Seen first = load(bench, audited, seconds);
      Seen before = load(bench, without, seconds);
      Seen after = load(bench, without, seconds);
      Seen last = load(bench, audited, seconds);
      results.add(RECORDS, way, first.load().perSecond() + last.load().perSecond());
      results.add(HUB_CPU, way, (first.hubMicros() + last.hubMicros()) / 2);
      results.add(HUB_CPU, without.name(), (before.hubMicros() + after.hubMicros()) / 2);
      double p50 = first.load().p50Micros() + last.load().p50Micros();
      double p50Without = before.load().p50Micros() + after.load().p50Micros();
      results.add(P50, way, p50 / 2);
      results.add(P50, without.name(), p50Without / 2);
      results.add(P50_TIMES, way, p50 / p50Without);
      results.add(
          P99_TIMES,
          way,
          (first.load().p99Micros() + last.load().p99Micros())
              / (before.load().p99Micros() + after.load().p99Micros()));
    }
  }

  private record Seen(PacedLoad load, double hubMicros) {}

  private static Seen load(Bench bench, Way way, int seconds) {
    int atLeastOne = Math.max(1, seconds);
    Path log = bench.lab().directory().resolve("paced.log");
    double before = way.processes().get(0).use().cpuSeconds();
    PacedLoad seen =
        PacedLoad.run(way, Nginx.SMALL_PATH, CONNECTIONS, A_SECOND_EACH, atLeastOne, log);
    double cpu = way.processes().get(0).use().cpuSeconds() - before;
    bench.lab().forgetAudit();
    return new Seen(seen, cpu * 1e6 / (CONNECTIONS * A_SECOND_EACH * atLeastOne));
  }
}
