package dev.fairlead.benchmarks.measure;

import dev.fairlead.benchmarks.lab.Nginx;
import dev.fairlead.benchmarks.lab.NodeProcess;
import dev.fairlead.benchmarks.lab.Way;
import dev.fairlead.benchmarks.load.Curl;
import dev.fairlead.benchmarks.report.Figure;
import dev.fairlead.benchmarks.report.Figure.Comparison;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

/** How fast large bodies pass, both ways, alone and several at once. */
final class Transfers implements Measure {

  private static final int SEVERAL = 8;
  private static final double MEGABYTE = 1e6;
  private static final double STANDARD_BYTES = 500e6;

  @Override
  public String name() {
    return "transfers";
  }

  @Override
  public void run(Bench bench) {
    long size = bench.plan().transferBytes();
    Path file = bench.lab().directory().resolve("large");
    warmUp(bench, way -> Curl.download(way, Nginx.LARGE_PATH, 1, size));
    warmUp(bench, way -> Curl.upload(way, Nginx.PUT_PATH, file, 1, size));
    for (int count : List.of(1, SEVERAL)) {
      Figure figure = figure("download", count);
      measure(
          bench,
          count == 1 ? figure.withGoals(Goals.atLeast(0.17, 0.17, 0.22)) : figure,
          count,
          way -> Curl.download(way, Nginx.LARGE_PATH, count, size));
    }
    for (int count : List.of(1, SEVERAL)) {
      measure(
          bench,
          figure("upload", count),
          count,
          way -> Curl.upload(way, Nginx.PUT_PATH, file, count, size));
    }
  }

  /** What passes large bodies is other code than what the small requests before made warm. */
  private static void warmUp(Bench bench, Consumer<Way> transfer) {
    for (Way way : bench.ways()) {
      bench.progress().accept("transfers: warming up " + way.name());
      long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(bench.plan().warmUpSeconds()) / 2;
      do {
        transfer.accept(way);
      } while (System.nanoTime() < until);
    }
  }

  private static Figure figure(String direction, int count) {
    return Figure.of(
        direction + "-" + count,
        count + (count == 1 ? " " + direction : " " + direction + "s at once"),
        "MB/s",
        Comparison.SHARE);
  }

  private static void measure(
      Bench bench, Figure figure, int count, ToDoubleFunction<Way> transfer) {
    List<Figure> cpu = new ArrayList<>();
    for (String who : List.of("hub", "agent")) {
      cpu.add(
          Figure.of(
              figure.id() + "-" + who + "-cpu",
              "· CPU of the " + who + ", 500 MB",
              "s",
              Comparison.NONE));
    }
    bench.eachRound(
        figure.id(),
        way -> {
          List<NodeProcess> processes = way.processes();
          List<Double> before = processes.stream().map(p -> p.use().cpuSeconds()).toList();
          double rate = transfer.applyAsDouble(way);
          bench.results().add(figure, way.name(), rate / MEGABYTE);
          double share = count * bench.plan().transferBytes() / STANDARD_BYTES;
          for (int i = 0; i < processes.size(); i++) {
            double used = processes.get(i).use().cpuSeconds() - before.get(i);
            bench.results().add(cpu.get(i), way.name(), used / share);
          }
        });
  }
}
