package dev.fairlead.benchmarks.measure;

import dev.fairlead.benchmarks.lab.Lab;
import dev.fairlead.benchmarks.lab.LabException;
import dev.fairlead.benchmarks.lab.Nginx;
import dev.fairlead.benchmarks.lab.NodeProcess;
import dev.fairlead.benchmarks.lab.ProcessUse;
import dev.fairlead.benchmarks.lab.Way;
import dev.fairlead.benchmarks.load.Wrk;
import dev.fairlead.benchmarks.report.Figure;
import dev.fairlead.benchmarks.report.Figure.Comparison;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** What many idle agents cost, and what happens when all of them come back at once. */
final class Fleets implements Measure {

  private static final int PATIENCE_SECONDS = 300;
  private static final int SETTLE_MILLIS = 3_000;
  private static final int LIVE_SECONDS = 5;

  /** About as many as come back a second, so that live traffic is seen while they do. */
  private static final int BACK_A_SECOND = 250;

  @Override
  public String name() {
    return "fleets";
  }

  @Override
  public void run(Bench bench) {
    for (int count : bench.plan().fleets()) {
      for (String tunnel : bench.tunnels()) {
        bench.progress().accept("fleets: " + count + " agents on " + tunnel);
        measure(bench, tunnel, count);
        bench.lab().forgetAudit();
      }
    }
  }

  private static void measure(Bench bench, String tunnel, int count) {
    Lab lab = bench.lab();
    // Through the same hub goes live traffic, over an agent of its own.
    Way live = lab.through(tunnel);
    NodeProcess hub = live.processes().get(0);
    NodeProcess fleet = lab.fleet(tunnel, hub, lab.tokens(hub, 1, count));
    try {
      ProcessUse hubBefore = hub.useAfterCollection();
      ProcessUse fleetBefore = fleet.useAfterCollection();
      fleet.command("connect " + PATIENCE_SECONDS);
      Bench.pause(SETTLE_MILLIS);
      ProcessUse hubIdle = hub.useAfterCollection();
      ProcessUse fleetIdle = fleet.useAfterCollection();
      Figure hubRss =
          figure(count, "hub-rss", "RSS of the hub for each of ", " idle tunnels", "KiB");
      bench
          .results()
          .add(
              count == 1_000 ? hubRss.withGoals(Goals.atMost(60, 40)) : hubRss,
              tunnel,
              kibibytes(hubBefore.rss(), hubIdle.rss(), count));
      bench
          .results()
          .add(
              figure(count, "agent-rss", "RSS of the agents for each of ", " idle tunnels", "KiB"),
              tunnel,
              kibibytes(fleetBefore.rss(), fleetIdle.rss(), count));
      storm(bench, tunnel, count, live, fleet);
    } finally {
      lab.stop(fleet);
      live.processes().forEach(lab::stop);
    }
  }

  private static void storm(Bench bench, String tunnel, int count, Way live, NodeProcess fleet) {
    int seconds = Math.min(LIVE_SECONDS, bench.plan().seconds());
    Wrk.run(live, Nginx.SMALL_PATH, 1, bench.plan().warmUpSeconds());
    Wrk before = Wrk.run(live, Nginx.SMALL_PATH, 1, seconds);
    CompletableFuture<Double> storm =
        CompletableFuture.supplyAsync(
            () -> Double.parseDouble(fleet.command("storm " + PATIENCE_SECONDS).get("seconds")));
    Wrk during = Wrk.run(live, Nginx.SMALL_PATH, 1, Math.max(seconds, count / BACK_A_SECOND));
    double back;
    try {
      back = storm.join();
    } catch (CompletionException e) {
      throw new LabException("storm on " + tunnel + ": " + e.getMessage(), e);
    }
    bench
        .results()
        .add(
            figure(count, "storm", "all of ", " agents back after they lost their tunnels", "s"),
            tunnel,
            back);
    bench
        .results()
        .add(
            figure(count, "quiet-p99", "· GET p99 before, ", " agents", "µs"),
            tunnel,
            before.p99Micros());
    bench
        .results()
        .add(
            figure(count, "storm-p99", "· GET p99 meanwhile / before, ", " agents", "×"),
            tunnel,
            during.p99Micros() / before.p99Micros());
  }

  private static Figure figure(int count, String id, String before, String after, String unit) {
    return Figure.of("fleet-" + count + "-" + id, before + count + after, unit, Comparison.NONE);
  }

  private static double kibibytes(long before, long after, int count) {
    return (after - before) / 1024.0 / count;
  }
}
