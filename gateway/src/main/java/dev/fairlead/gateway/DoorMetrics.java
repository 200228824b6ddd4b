package dev.fairlead.gateway;

import dev.fairlead.api.metrics.FairleadMetrics;
import dev.fairlead.api.metrics.Metrics;
import dev.fairlead.core.http.LinkMetrics;
import dev.fairlead.core.tls.Handshakes;

/**
 * What the front door counts and measures: connections, handshakes, and clients that were turned
 * away before they asked for anything. Safe for use by any thread.
 */
final class DoorMetrics implements Handshakes.Counts, AutoCloseable {

  private final boolean used;
  private final LinkMetrics links;
  private final Metrics.Timer handshakes;
  private final Metrics.Gauge underWay;
  private final Metrics.Counter tooMany;
  private final Metrics.Counter tooManyOfAddress;
  private final Metrics.Counter gaveWay;
  private final Metrics.Counter late;
  private final Metrics.Counter failed;
  private final Metrics.Counter slow;
  private final Metrics.Counter malformed;

  DoorMetrics(Metrics metrics, Handshakes open) {
    this.used = metrics != Metrics.none();
    this.links = LinkMetrics.of(metrics, LinkMetrics.Leg.FRONT_DOOR);
    this.handshakes = metrics.timer(FairleadMetrics.HANDSHAKES);
    this.underWay = metrics.gauge(FairleadMetrics.HANDSHAKES_OPEN, open::underWay);
    this.tooMany = refusals(metrics, "connections");
    this.tooManyOfAddress = refusals(metrics, "connections-of-address");
    this.gaveWay = refusals(metrics, "handshakes");
    this.late = refusals(metrics, "handshake-late");
    this.failed = refusals(metrics, "handshake-failed");
    this.slow = refusals(metrics, "slow-client");
    this.malformed = refusals(metrics, "malformed");
  }

  private static Metrics.Counter refusals(Metrics metrics, String reason) {
    return metrics.counter(FairleadMetrics.REFUSALS, reason);
  }

  /** Whether anybody looks. */
  boolean used() {
    return used;
  }

  LinkMetrics links() {
    return links;
  }

  @Override
  public void handshake(long nanos) {
    handshakes.record(nanos);
  }

  void tooMany() {
    tooMany.increment();
  }

  void tooManyOfAddress() {
    tooManyOfAddress.increment();
  }

  @Override
  public void gaveWay() {
    gaveWay.increment();
  }

  @Override
  public void late() {
    late.increment();
  }

  @Override
  public void failed() {
    failed.increment();
  }

  void slow() {
    slow.increment();
  }

  void malformed() {
    malformed.increment();
  }

  @Override
  public void close() {
    links.close();
    underWay.close();
  }
}
