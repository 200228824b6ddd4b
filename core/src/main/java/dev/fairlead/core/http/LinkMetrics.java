package dev.fairlead.core.http;

import dev.fairlead.api.metrics.FairleadMetrics;
import dev.fairlead.api.metrics.Metric;
import dev.fairlead.api.metrics.Metrics;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * What all links of one leg of one hub or agent count and measure together. Safe for use by any
 * thread; never waits.
 */
public final class LinkMetrics implements AutoCloseable {

  /** Where a link leads. */
  public enum Leg {
    /** From a user to the hub. */
    FRONT_DOOR("front_door"),
    /** Between hub and agent. */
    TUNNEL("tunnel"),
    /** From an agent to its API server. */
    UPSTREAM("upstream");

    private final String label;

    Leg(String label) {
      this.label = label;
    }
  }

  private final List<Metrics.Gauge> gauges = new ArrayList<>();
  private final Metrics.Counter links;
  private final Metrics.Counter streams;
  private final Metrics.Counter received;
  private final Metrics.Counter sent;
  private final Metrics.Counter stalls;
  private final Metrics.Counter capped;
  private final Metrics.Timer roundTrip;
  private final LongAdder openLinks = new LongAdder();
  private final LongAdder openStreams = new LongAdder();
  private final LongAdder stalledStreams = new LongAdder();
  private final LongAdder buffered = new LongAdder();
  private final LongAdder windows = new LongAdder();

  private LinkMetrics(Metrics metrics, String leg) {
    links = metrics.counter(FairleadMetrics.LINKS, leg);
    streams = metrics.counter(FairleadMetrics.STREAMS, leg);
    received = metrics.counter(FairleadMetrics.BYTES_RECEIVED, leg);
    sent = metrics.counter(FairleadMetrics.BYTES_SENT, leg);
    stalls = metrics.counter(FairleadMetrics.STALLS, leg);
    capped = metrics.counter(FairleadMetrics.WINDOWS_CAPPED, leg);
    roundTrip = metrics.timer(FairleadMetrics.ROUND_TRIP, leg);
    watch(metrics, FairleadMetrics.LINKS_OPEN, openLinks, leg);
    watch(metrics, FairleadMetrics.STREAMS_OPEN, openStreams, leg);
    watch(metrics, FairleadMetrics.STREAMS_STALLED, stalledStreams, leg);
    watch(metrics, FairleadMetrics.BYTES_BUFFERED, buffered, leg);
    watch(metrics, FairleadMetrics.WINDOW_BYTES, windows, leg);
  }

  private void watch(Metrics metrics, Metric metric, LongAdder value, String leg) {
    gauges.add(metrics.gauge(metric, value::sum, leg));
  }

  /**
   * For links that somebody looks at.
   *
   * @param metrics what collects
   * @param leg where the links lead
   * @return what the links report to; the caller closes it after the links
   */
  public static LinkMetrics of(Metrics metrics, Leg leg) {
    return new LinkMetrics(metrics, leg.label);
  }

  /**
   * For links that nobody looks at.
   *
   * @return what keeps nothing, and needs no close
   */
  public static LinkMetrics none() {
    return of(Metrics.none(), Leg.TUNNEL);
  }

  /** Nobody looks any more. */
  @Override
  public void close() {
    gauges.forEach(Metrics.Gauge::close);
  }

  void linkOpened() {
    links.increment();
    openLinks.increment();
  }

  void linkClosed() {
    openLinks.decrement();
  }

  void streamOpened(long window) {
    streams.increment();
    openStreams.increment();
    windows.add(window);
  }

  void streamClosed(long window) {
    openStreams.decrement();
    windows.add(-window);
  }

  void windowsChanged(long by) {
    windows.add(by);
  }

  void windowCapped() {
    capped.increment();
  }

  void received(int bytes) {
    received.add(bytes);
  }

  void buffered(int bytes) {
    buffered.add(bytes);
  }

  void left(int bytes, boolean sentOn) {
    buffered.add(-bytes);
    if (sentOn) {
      sent.add(bytes);
    }
  }

  void stalled() {
    stalls.increment();
    stalledStreams.increment();
  }

  void goesOn() {
    stalledStreams.decrement();
  }

  void roundTrip(long nanos) {
    roundTrip.record(nanos);
  }
}
