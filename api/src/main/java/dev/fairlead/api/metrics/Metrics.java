package dev.fairlead.api.metrics;

import java.util.function.LongSupplier;

/**
 * Where counts and measurements go. Hub and agent ask for their instruments when they are built or
 * a connection begins, keep them, and use them on the way of each request: so what an instrument
 * does must be cheap, must not block and must not throw. Safe for use by any thread, as are the
 * instruments.
 *
 * <p>Whoever asks twice for the same metric with the same label values gets instruments that report
 * into one series. {@code testkit}'s {@code MetricsConformance} checks an implementation.
 */
public interface Metrics {

  /** Counts something. */
  @FunctionalInterface
  interface Counter {

    /**
     * Adds.
     *
     * @param amount zero or more
     */
    void add(long amount);

    /** Adds one. */
    default void increment() {
      add(1);
    }
  }

  /** Takes the durations of something. */
  @FunctionalInterface
  interface Timer {

    /**
     * Takes one duration.
     *
     * @param nanos how long it took, in nanoseconds, zero or more
     */
    void record(long nanos);
  }

  /** A gauge that is looked at until it is closed. */
  @FunctionalInterface
  interface Gauge extends AutoCloseable {

    /** No more looks begin after this. More than once does nothing. */
    @Override
    void close();
  }

  /**
   * Counts things.
   *
   * @param metric what is counted
   * @param labels the values of its labels, in their order
   * @return the counter
   * @throws IllegalArgumentException if the metric is no counter or has other labels
   */
  Counter counter(Metric metric, String... labels);

  /**
   * Measures durations.
   *
   * @param metric what is measured
   * @param labels the values of its labels, in their order
   * @return the timer
   * @throws IllegalArgumentException if the metric is no timer or has other labels
   */
  Timer timer(Metric metric, String... labels);

  /**
   * Lets something be looked at. Several gauges of one series add up.
   *
   * @param metric what is looked at
   * @param value the value at this moment; cheap, called by any thread, and not after the gauge was
   *     closed except where a look had begun
   * @param labels the values of its labels, in their order
   * @return the registration, which the caller closes
   * @throws IllegalArgumentException if the metric is no gauge or has other labels
   */
  Gauge gauge(Metric metric, LongSupplier value, String... labels);

  /**
   * For those who do not want to know.
   *
   * @return metrics that keep nothing
   */
  static Metrics none() {
    return NoMetrics.INSTANCE;
  }
}
