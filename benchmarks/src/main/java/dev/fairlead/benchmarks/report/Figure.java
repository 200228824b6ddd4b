package dev.fairlead.benchmarks.report;

import java.util.Map;

/**
 * Something that is measured on each way.
 *
 * @param id short and unique
 * @param title for people
 * @param unit of its values
 * @param comparison how a way compares with the direct one
 * @param goals by way, what the comparison should reach, or the value where nothing is compared
 */
public record Figure(
    String id, String title, String unit, Comparison comparison, Map<String, Goal> goals) {

  /** How a way compares with the direct one, in the same round. */
  public enum Comparison {
    /** By its share of the direct way's value. */
    SHARE,
    /** By how many times the direct way's value it takes. */
    TIMES,
    /** By what comes on top of the direct way's value. */
    ADDED,
    /** Not at all. */
    NONE
  }

  /**
   * A bound.
   *
   * @param atLeast whether the bound is a lower one
   * @param bound in the comparison's terms
   */
  public record Goal(boolean atLeast, double bound) {

    /** At least so much. */
    public static Goal atLeast(double bound) {
      return new Goal(true, bound);
    }

    /** At most so much. */
    public static Goal atMost(double bound) {
      return new Goal(false, bound);
    }

    boolean isReachedBy(double value) {
      return atLeast ? value >= bound : value <= bound;
    }
  }

  /** A figure without goals. */
  public static Figure of(String id, String title, String unit, Comparison comparison) {
    return new Figure(id, title, unit, comparison, Map.of());
  }

  /** The same with goals. */
  public Figure withGoals(Map<String, Goal> all) {
    return new Figure(id, title, unit, comparison, all);
  }
}
