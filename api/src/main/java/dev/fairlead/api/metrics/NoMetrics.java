package dev.fairlead.api.metrics;

import java.util.function.LongSupplier;

/** Keeps nothing. */
enum NoMetrics implements Metrics {
  INSTANCE;

  private static final Counter COUNTER = amount -> {};
  private static final Timer TIMER = nanos -> {};
  private static final Gauge GAUGE = () -> {};

  @Override
  public Counter counter(Metric metric, String... labels) {
    metric.require(Metric.Kind.COUNTER, labels);
    return COUNTER;
  }

  @Override
  public Timer timer(Metric metric, String... labels) {
    metric.require(Metric.Kind.TIMER, labels);
    return TIMER;
  }

  @Override
  public Gauge gauge(Metric metric, LongSupplier value, String... labels) {
    metric.require(Metric.Kind.GAUGE, labels);
    return GAUGE;
  }
}
