package dev.fairlead.benchmarks.measure;

import dev.fairlead.benchmarks.lab.Nginx;
import dev.fairlead.benchmarks.lab.NodeProcess;
import dev.fairlead.benchmarks.lab.ProcessUse;
import dev.fairlead.benchmarks.lab.Way;
import dev.fairlead.benchmarks.load.StalledReaders;
import dev.fairlead.benchmarks.load.Wrk;
import dev.fairlead.benchmarks.report.Figure;
import dev.fairlead.benchmarks.report.Figure.Comparison;
import java.util.ArrayList;
import java.util.List;

/** What stalled readers cost processes that have not seen any before. */
final class StallMemory implements Measure {

  private static final int SETTLE_MILLIS = 2_000;
  private static final int CONNECTIONS = 8;
  private static final List<String> WHO = List.of("hub", "agent");

  @Override
  public String name() {
    return "stall-memory";
  }

  @Override
  public void run(Bench bench) {
    for (int count : bench.plan().stalled()) {
      for (int round = 1; round <= bench.plan().rounds(); round++) {
        for (String tunnel : bench.tunnels()) {
          bench.progress().accept("stall-memory: " + count + " on " + tunnel + ", round " + round);
          measure(bench, tunnel, count);
          bench.lab().forgetAudit();
        }
      }
    }
  }

  private static void measure(Bench bench, String tunnel, int count) {
    Way way = bench.lab().through(tunnel);
    try {
      Wrk.run(way, Nginx.SMALL_PATH, CONNECTIONS, Math.min(3, bench.plan().seconds()));
      List<ProcessUse> before = uses(way);
      try (StalledReaders stalled = StalledReaders.open(way, Nginx.LARGE_PATH, count)) {
        Bench.pause(SETTLE_MILLIS);
        List<ProcessUse> during = uses(way);
        for (int i = 0; i < WHO.size(); i++) {
          add(bench, tunnel, count, WHO.get(i), before.get(i), during.get(i));
        }
      }
    } finally {
      way.processes().forEach(bench.lab()::stop);
    }
  }

  private static void add(
      Bench bench, String tunnel, int count, String who, ProcessUse before, ProcessUse during) {
    String prefix = "stalled-" + count + "-" + who;
    bench
        .results()
        .add(
            Figure.of(
                    prefix + "-rss",
                    "RSS of the " + who + " for each of " + count + " stalled streams",
                    "KiB",
                    Comparison.NONE)
                .withGoals(Goals.atMost(768, 512)),
            tunnel,
            (during.rss() - before.rss()) / 1024.0 / count);
    bench
        .results()
        .add(
            Figure.of(prefix + "-live", "· in use, on the heap and off it", "KiB", Comparison.NONE),
            tunnel,
            (during.live() - before.live()) / 1024.0 / count);
  }

  private static List<ProcessUse> uses(Way way) {
    List<ProcessUse> uses = new ArrayList<>();
    for (NodeProcess process : way.processes()) {
      uses.add(process.useAfterCollection());
    }
    return uses;
  }
}
