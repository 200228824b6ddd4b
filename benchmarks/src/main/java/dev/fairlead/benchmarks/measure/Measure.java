package dev.fairlead.benchmarks.measure;

import java.util.List;

/** Something to measure. */
public interface Measure {

  /** All, in the order in which they are made. */
  List<Measure> ALL =
      List.of(
          new Latency(),
          new Requests(),
          new Transfers(),
          new Stalls(),
          new StallMemory(),
          new Watches(),
          new Fleets(),
          new Audit(),
          new Kubernetes());

  /** Its name on the command line. */
  String name();

  /** Whether what it needs beyond the programs of every measure is there. */
  default boolean isPossible() {
    return true;
  }

  /** Measures. */
  void run(Bench bench);
}
