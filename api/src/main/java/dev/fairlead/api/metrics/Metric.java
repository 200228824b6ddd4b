package dev.fairlead.api.metrics;

import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * One thing that is counted or measured. The names are OpenTelemetry's style: lower case, words
 * joined by dots and underscores, the unit beside the name and not in it.
 *
 * @param name what it is called, such as {@code fairlead.link.bytes.received}
 * @param kind how it is reported
 * @param unit the unit as UCUM writes it: {@code By} for bytes, {@code s} for seconds, <code>{…}
 *     </code> for things that are counted
 * @param description one sentence for whoever looks at it
 * @param labels the names of the labels that tell apart what is counted, perhaps none; each has few
 *     values, known in advance
 */
public record Metric(String name, Kind kind, String unit, String description, List<String> labels) {

  /** How a metric is reported. */
  public enum Kind {
    /** A sum that only grows: {@link Metrics#counter}. */
    COUNTER,
    /** A value that is looked at when somebody asks: {@link Metrics#gauge}. */
    GAUGE,
    /** A distribution of durations: {@link Metrics#timer}. */
    TIMER
  }

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*(\\.[a-z0-9_]+)*");

  /**
   * Checks and copies the parts.
   *
   * @throws IllegalArgumentException if the name or a label is not lower case, digits, dots and
   *     underscores
   */
  public Metric {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(unit, "unit");
    Objects.requireNonNull(description, "description");
    labels = List.copyOf(labels);
    requireName(name);
    labels.forEach(Metric::requireName);
  }

  private static void requireName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "metric: " + name + " (expected: lower case, digits, '_' and '.')");
    }
  }

  /**
   * For implementations: checks that an instrument fits.
   *
   * @param wanted the kind of the instrument
   * @param values the values of its labels
   * @throws IllegalArgumentException if this metric is of another kind, or has another number of
   *     labels
   */
  public void require(Kind wanted, String... values) {
    if (kind != wanted) {
      throw new IllegalArgumentException(name + ": a " + kind + " (expected: a " + wanted + ")");
    }
    if (values.length != labels.size()) {
      throw new IllegalArgumentException(
          name + ": " + values.length + " label values (expected: one for each of " + labels + ")");
    }
  }
}
