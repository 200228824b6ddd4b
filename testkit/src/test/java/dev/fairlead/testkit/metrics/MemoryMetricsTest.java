package dev.fairlead.testkit.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.api.metrics.FairleadMetrics;
import dev.fairlead.api.metrics.Metric;
import dev.fairlead.api.metrics.Metrics;
import dev.fairlead.core.metrics.MemoryMetrics;
import org.junit.jupiter.api.Test;

class MemoryMetricsTest extends MetricsConformance {

  private MemoryMetrics metrics = new MemoryMetrics();

  @Override
  protected Metrics create() {
    metrics = new MemoryMetrics();
    return metrics;
  }

  @Override
  protected long value(Metric metric, String... labels) {
    return metrics.value(metric, labels);
  }

  @Override
  protected long count(Metric timer, String... labels) {
    return metrics.count(timer, labels);
  }

  @Test
  void samplesComeByName() {
    metrics.counter(FairleadMetrics.STREAMS, "upstream").add(2);
    metrics.counter(FairleadMetrics.STREAMS, "tunnel").add(1);
    metrics.counter(FairleadMetrics.RECONNECTS).add(3);
    assertThat(metrics.samples())
        .extracting(sample -> sample.metric().name() + sample.labels() + sample.value())
        .containsExactly(
            "fairlead.agent.reconnects[]3",
            "fairlead.link.streams[tunnel]1",
            "fairlead.link.streams[upstream]2");
  }
}
