package dev.fairlead.core.metrics;

import dev.fairlead.api.metrics.Metric;
import dev.fairlead.api.metrics.Metric.Kind;
import dev.fairlead.api.metrics.Metrics;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** Keeps sums in memory, where they can be read at any time. Safe for use by any thread. */
public final class MemoryMetrics implements Metrics {

  /**
   * One series as it stands.
   *
   * @param metric what it is
   * @param labels the values of the metric's labels
   * @param value the sum of a counter or of the gauges; of a timer, the sum of its durations in
   *     nanoseconds
   * @param count how many durations a timer took, otherwise 0
   */
  public record Sample(Metric metric, List<String> labels, long value, long count) {

    /** Copies the labels. */
    public Sample {
      labels = List.copyOf(labels);
    }
  }

  private record Key(Metric metric, List<String> labels) {}

  private static final class Series {
    final LongAdder sum = new LongAdder();
    final LongAdder count = new LongAdder();
    final Set<Polled> gauges = ConcurrentHashMap.newKeySet();

    long value() {
      long total = sum.sum();
      for (Polled gauge : gauges) {
        total += gauge.value.getAsLong();
      }
      return total;
    }
  }

  /** A registration; one is not equal to another, even of the same supplier. */
  private static final class Polled implements Gauge {
    private final Series series;
    private final LongSupplier value;

    Polled(Series series, LongSupplier value) {
      this.series = series;
      this.value = value;
    }

    @Override
    public void close() {
      series.gauges.remove(this);
    }
  }

  private final Map<Key, Series> series = new ConcurrentHashMap<>();

  /** Begins with nothing counted. */
  public MemoryMetrics() {}

  private Series series(Metric metric, Kind kind, String... labels) {
    metric.require(kind, labels);
    return series.computeIfAbsent(new Key(metric, List.of(labels)), key -> new Series());
  }

  @Override
  public Counter counter(Metric metric, String... labels) {
    return series(metric, Kind.COUNTER, labels).sum::add;
  }

  @Override
  public Timer timer(Metric metric, String... labels) {
    Series into = series(metric, Kind.TIMER, labels);
    return nanos -> {
      into.sum.add(nanos);
      into.count.increment();
    };
  }

  @Override
  public Gauge gauge(Metric metric, LongSupplier value, String... labels) {
    Series of = series(metric, Kind.GAUGE, labels);
    Polled gauge = new Polled(of, value);
    of.gauges.add(gauge);
    return gauge;
  }

  /**
   * One series.
   *
   * @param metric what to look at
   * @param labels the values of its labels, in their order
   * @return the sum of a counter or of the gauges, 0 if nobody counts; of a timer, the sum of its
   *     durations in nanoseconds
   */
  public long value(Metric metric, String... labels) {
    Series found = series.get(new Key(metric, List.of(labels)));
    return found == null ? 0 : found.value();
  }

  /**
   * How many durations a timer took.
   *
   * @param timer what to look at
   * @param labels the values of its labels, in their order
   * @return the number, 0 if nobody measures
   */
  public long count(Metric timer, String... labels) {
    Series found = series.get(new Key(timer, List.of(labels)));
    return found == null ? 0 : found.count.sum();
  }

  /**
   * All series that somebody asked for.
   *
   * @return samples in the order of their names and labels
   */
  public List<Sample> samples() {
    return series.entrySet().stream()
        .map(
            entry ->
                new Sample(
                    entry.getKey().metric(),
                    entry.getKey().labels(),
                    entry.getValue().value(),
                    entry.getValue().count.sum()))
        .sorted(
            Comparator.comparing((Sample sample) -> sample.metric().name())
                .thenComparing(sample -> sample.labels().toString()))
        .toList();
  }
}
