package dev.fairlead.benchmarks.measure;

import java.util.List;

/**
 * How long and how much.
 *
 * @param warmUpSeconds of load on each way before anything is measured
 * @param rounds how often each figure is measured on each way, in turns
 * @param seconds of load for one value
 * @param transferBytes how large a transfer is
 * @param stalled how many readers stall
 * @param fleets how many idle agents there are
 * @param watches how many watches are open
 * @param objects how many objects a large list has
 * @param pods how many pods kubectl lists
 */
public record Plan(
    int warmUpSeconds,
    int rounds,
    int seconds,
    long transferBytes,
    List<Integer> stalled,
    List<Integer> fleets,
    int watches,
    int objects,
    int pods) {

  private static final long MEGABYTE = 1_000_000;

  /** For numbers that count. */
  public static final Plan FULL =
      new Plan(
          30,
          5,
          10,
          500 * MEGABYTE,
          List.of(50, 500),
          List.of(1_000, 10_000),
          1_000,
          20_000,
          2_000);

  /** For seeing that everything can be measured. */
  public static final Plan SHORT =
      new Plan(2, 1, 1, 20 * MEGABYTE, List.of(20), List.of(50), 1_000, 8_000, 50);
}
