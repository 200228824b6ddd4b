package dev.fairlead.core.exchange;

import dev.fairlead.api.metrics.FairleadMetrics;
import dev.fairlead.api.metrics.Metrics;
import dev.fairlead.core.status.StatusReason;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Counts requests that the hub answered in a cluster's place. Safe for use by any thread. */
final class RefusalCounts {

  private final Map<Integer, Metrics.Counter> byCode = new HashMap<>();

  RefusalCounts(Metrics metrics) {
    for (StatusReason reason : StatusReason.values()) {
      String label = reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
      byCode.put(reason.code(), metrics.counter(FairleadMetrics.REFUSALS, label));
    }
  }

  /** Counts one, whose code is that of a {@link StatusReason}; others are none of the hub's. */
  void count(int code) {
    Metrics.Counter counter = byCode.get(code);
    if (counter != null) {
      counter.increment();
    }
  }
}
