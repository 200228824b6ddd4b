package dev.fairlead.testkit.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.api.metrics.FairleadMetrics;
import dev.fairlead.api.metrics.Metric;
import dev.fairlead.api.metrics.Metric.Kind;
import dev.fairlead.api.metrics.Metrics;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link Metrics} has to do, as JUnit cases. Extend it and say how to make metrics and
 * how to read what they collected. Each case gets new ones.
 */
public abstract class MetricsConformance {

  private static final Metric COUNTER =
      new Metric("test.things", Kind.COUNTER, "{thing}", "Things.", List.of("colour"));
  private static final Metric PLAIN =
      new Metric("test.plain", Kind.COUNTER, "{thing}", "Plain things.", List.of());
  private static final Metric GAUGE =
      new Metric("test.level", Kind.GAUGE, "By", "The level.", List.of("colour"));
  private static final Metric TIMER =
      new Metric("test.wait", Kind.TIMER, "s", "The wait.", List.of("colour"));

  private Metrics metrics = Metrics.none();

  /** For subclasses. */
  protected MetricsConformance() {}

  /**
   * New metrics, with nothing collected.
   *
   * @return what is to be tested
   */
  protected abstract Metrics create();

  /**
   * Reads a series of the metrics that were made last.
   *
   * @param metric which
   * @param labels the values of its labels
   * @return the sum of a counter, the present sum of the gauges, or the sum of a timer's durations
   *     in nanoseconds
   */
  protected abstract long value(Metric metric, String... labels);

  /**
   * Reads how many durations a timer of the metrics that were made last took.
   *
   * @param timer which
   * @param labels the values of its labels
   * @return the number
   */
  protected abstract long count(Metric timer, String... labels);

  @BeforeEach
  final void make() {
    metrics = create();
  }

  @Test
  void countersAddUp() {
    Metrics.Counter counter = metrics.counter(COUNTER, "red");
    counter.increment();
    counter.add(41);
    counter.add(0);
    assertThat(value(COUNTER, "red")).isEqualTo(42);
  }

  @Test
  void aMetricNeedsNoLabels() {
    metrics.counter(PLAIN).increment();
    assertThat(value(PLAIN)).isEqualTo(1);
  }

  @Test
  void labelsKeepSeriesApart() {
    metrics.counter(COUNTER, "red").add(1);
    metrics.counter(COUNTER, "blue").add(2);
    assertThat(value(COUNTER, "red")).isEqualTo(1);
    assertThat(value(COUNTER, "blue")).isEqualTo(2);
  }

  @Test
  void whoAsksTwiceCountsIntoOneSeries() {
    metrics.counter(COUNTER, "red").add(1);
    metrics.counter(COUNTER, "red").add(2);
    metrics.timer(TIMER, "red").record(3);
    metrics.timer(TIMER, "red").record(4);
    assertThat(value(COUNTER, "red")).isEqualTo(3);
    assertThat(count(TIMER, "red")).isEqualTo(2);
  }

  @Test
  void countsAreExactWhateverTheThread() {
    Metrics.Counter counter = metrics.counter(COUNTER, "red");
    IntStream.range(0, 8_000).parallel().forEach(i -> counter.increment());
    assertThat(value(COUNTER, "red")).isEqualTo(8_000);
  }

  @Test
  void timersKeepSumAndCount() {
    Metrics.Timer timer = metrics.timer(TIMER, "red");
    timer.record(2_000_000_000L);
    timer.record(1_000_000_000L);
    timer.record(0);
    assertThat(value(TIMER, "red")).isEqualTo(3_000_000_000L);
    assertThat(count(TIMER, "red")).isEqualTo(3);
  }

  @Test
  void gaugesAreLookedAtWhenSomebodyAsks() {
    AtomicLong level = new AtomicLong(7);
    Metrics.Gauge gauge = metrics.gauge(GAUGE, level::get, "red");
    assertThat(value(GAUGE, "red")).isEqualTo(7);
    level.set(3);
    assertThat(value(GAUGE, "red")).isEqualTo(3);
    gauge.close();
  }

  @Test
  void gaugesOfOneSeriesAddUpUntilTheyAreClosed() {
    Metrics.Gauge first = metrics.gauge(GAUGE, () -> 1, "red");
    Metrics.Gauge second = metrics.gauge(GAUGE, () -> 2, "red");
    Metrics.Gauge other = metrics.gauge(GAUGE, () -> 4, "blue");
    assertThat(value(GAUGE, "red")).isEqualTo(3);
    first.close();
    first.close();
    assertThat(value(GAUGE, "red")).isEqualTo(2);
    second.close();
    assertThat(value(GAUGE, "red")).isZero();
    assertThat(value(GAUGE, "blue")).isEqualTo(4);
    other.close();
  }

  @Test
  void oneSupplierMayBeLookedAtTwice() {
    AtomicLong level = new AtomicLong(5);
    Metrics.Gauge first = metrics.gauge(GAUGE, level::get, "red");
    Metrics.Gauge second = metrics.gauge(GAUGE, level::get, "red");
    assertThat(value(GAUGE, "red")).isEqualTo(10);
    first.close();
    assertThat(value(GAUGE, "red")).isEqualTo(5);
    second.close();
  }

  @Test
  void anInstrumentOfAnotherKindIsRefused() {
    assertThatThrownBy(() -> metrics.counter(GAUGE, "red"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("test.level");
    assertThatThrownBy(() -> metrics.timer(COUNTER, "red"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> metrics.gauge(TIMER, () -> 1, "red"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aWrongNumberOfLabelsIsRefused() {
    assertThatThrownBy(() -> metrics.counter(COUNTER))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("colour");
    assertThatThrownBy(() -> metrics.counter(PLAIN, "red"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void everythingFairleadCountsIsTaken() {
    for (Metric metric : FairleadMetrics.all()) {
      String[] labels = metric.labels().stream().map(label -> "x").toArray(String[]::new);
      switch (metric.kind()) {
        case COUNTER -> metrics.counter(metric, labels).increment();
        case TIMER -> metrics.timer(metric, labels).record(1);
        case GAUGE -> metrics.gauge(metric, () -> 1, labels);
      }
      assertThat(value(metric, labels)).as(metric.name()).isEqualTo(1);
    }
  }
}
