package dev.fairlead.benchmarks.measure;

import dev.fairlead.benchmarks.lab.Nginx;
import dev.fairlead.benchmarks.lab.ProcessUse;
import dev.fairlead.benchmarks.lab.Way;
import dev.fairlead.benchmarks.load.H2load;
import dev.fairlead.benchmarks.load.Wrk;
import dev.fairlead.benchmarks.report.Figure;
import dev.fairlead.benchmarks.report.Figure.Comparison;
import java.util.List;

/** How many small requests a second there can be, and what one costs the hub and the agent. */
final class Requests implements Measure {

  private static final int FEW = 32;
  private static final int MANY = 256;

  private interface Load {
    /** Requests a second, and how many there were. */
    double[] run(Way way, int connections);
  }

  @Override
  public String name() {
    return "requests";
  }

  @Override
  public void run(Bench bench) {
    int seconds = bench.plan().seconds();
    Load http1 =
        (way, connections) -> {
          Wrk seen = Wrk.run(way, Nginx.SMALL_PATH, connections, seconds);
          return new double[] {seen.perSecond(), seen.requests()};
        };
    Load http2 =
        (way, connections) -> {
          H2load seen = H2load.run(way, Nginx.SMALL_PATH, connections, seconds);
          return new double[] {seen.perSecond(), seen.requests()};
        };
    measure(
        bench,
        figure("h1", "HTTP/1.1", FEW).withGoals(Goals.atLeast(0.33, 0.42, 0.45)),
        FEW,
        http1);
    measure(
        bench, figure("h2", "HTTP/2", FEW).withGoals(Goals.atLeast(0.45, 0.45, 0.60)), FEW, http2);
    measure(bench, figure("h1", "HTTP/1.1", MANY), MANY, http1);
    measure(bench, figure("h2", "HTTP/2", MANY), MANY, http2);
  }

  private static Figure figure(String id, String protocol, int connections) {
    return Figure.of(
        id + "-" + connections,
        "requests, " + protocol + ", " + connections + " connections",
        "1/s",
        Comparison.SHARE);
  }

  private void measure(Bench bench, Figure figure, int connections, Load load) {
    Figure hubCpu = cost(figure, "hub-cpu", "CPU of the hub", "µs");
    Figure agentCpu = cost(figure, "agent-cpu", "CPU of the agent", "µs");
    Figure hubHeap = cost(figure, "hub-heap", "allocated by the hub", "KiB");
    Figure agentHeap = cost(figure, "agent-heap", "allocated by the agent", "KiB");
    bench.eachRound(
        figure.id(),
        way -> {
          List<ProcessUse> before = uses(way);
          double[] seen = load.run(way, connections);
          List<ProcessUse> after = uses(way);
          bench.results().add(figure, way.name(), seen[0]);
          for (int i = 0; i < before.size(); i++) {
            double cpu = after.get(i).cpuSeconds() - before.get(i).cpuSeconds();
            double heap = after.get(i).allocated() - before.get(i).allocated();
            bench.results().add(i == 0 ? hubCpu : agentCpu, way.name(), cpu * 1e6 / seen[1]);
            bench.results().add(i == 0 ? hubHeap : agentHeap, way.name(), heap / 1024 / seen[1]);
          }
        });
  }

  private static Figure cost(Figure figure, String id, String what, String unit) {
    return Figure.of(figure.id() + "-" + id, "· " + what + ", a request", unit, Comparison.NONE);
  }

  private static List<ProcessUse> uses(Way way) {
    return way.processes().stream().map(process -> process.use()).toList();
  }
}
