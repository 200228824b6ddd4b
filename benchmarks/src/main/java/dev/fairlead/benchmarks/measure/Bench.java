package dev.fairlead.benchmarks.measure;

import dev.fairlead.benchmarks.lab.Lab;
import dev.fairlead.benchmarks.lab.Way;
import dev.fairlead.benchmarks.report.Results;
import java.util.List;
import java.util.function.Consumer;

/**
 * What a measure works with.
 *
 * @param ways warm ones, the direct one first
 * @param progress tells a person what goes on
 */
public record Bench(
    Lab lab, List<Way> ways, Plan plan, Results results, Consumer<String> progress) {

  /** Does something on each way in turns, as often as planned. */
  void eachRound(String name, Consumer<Way> task) {
    for (int round = 1; round <= plan.rounds(); round++) {
      for (Way way : ways) {
        progress.accept(name + ": " + way.name() + ", round " + round + " of " + plan.rounds());
        task.accept(way);
        lab.forgetAudit();
      }
    }
  }

  /** The names of the ways with a tunnel between two processes. */
  List<String> tunnels() {
    return ways.stream()
        .filter(way -> !way.isDirect() && !way.name().equals(Lab.MEMORY))
        .map(Way::name)
        .toList();
  }

  /** Waits. */
  static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
