package dev.fairlead.core.hub;

import dev.fairlead.api.LimitException;
import dev.fairlead.api.Time;
import dev.fairlead.api.metrics.FairleadMetrics;
import dev.fairlead.api.metrics.Metrics;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Turns agents away that come faster than the hub takes them, at once and before anything is done
 * for them. Safe for use by any thread.
 */
final class AgentGate {

  private final AgentLimits limits;
  private final TokenBucket tunnels;
  private final TokenBucket certificates;
  private final Semaphore opening;
  private final Metrics.Counter tunnelRate;
  private final Metrics.Counter tunnelsOpening;
  private final Metrics.Counter certificateRate;

  AgentGate(AgentLimits limits, Time time, Metrics metrics) {
    this.limits = limits;
    this.tunnels = new TokenBucket(limits.tunnelsPerSecond(), time);
    this.certificates = new TokenBucket(limits.certificatesPerSecond(), time);
    this.opening = new Semaphore(limits.opening());
    this.tunnelRate = metrics.counter(FairleadMetrics.REFUSALS, "tunnel-rate");
    this.tunnelsOpening = metrics.counter(FairleadMetrics.REFUSALS, "tunnels-opening");
    this.certificateRate = metrics.counter(FairleadMetrics.REFUSALS, "certificate-rate");
  }

  /**
   * Lets in a tunnel.
   *
   * @return to be run when its agent has spoken or is gone; more than once does no harm
   * @throws LimitException if there are too many
   */
  Runnable enterTunnel() {
    if (!opening.tryAcquire()) {
      tunnelsOpening.add(1);
      throw new LimitException(
          "tunnels: "
              + limits.opening()
              + " are just being opened (expected: fewer; try again after a pause)");
    }
    if (!tunnels.tryTake()) {
      opening.release();
      tunnelRate.add(1);
      throw new LimitException(
          "tunnels: the hub takes "
              + limits.tunnelsPerSecond()
              + " a second (expected: fewer; try again after a pause)");
    }
    AtomicBoolean settled = new AtomicBoolean();
    return () -> {
      if (settled.compareAndSet(false, true)) {
        opening.release();
      }
    };
  }

  /**
   * Lets in an enrolment or a renewal.
   *
   * @throws LimitException if there are too many
   */
  void enterCertificate() {
    if (!certificates.tryTake()) {
      certificateRate.add(1);
      throw new LimitException(
          "certificates: the hub issues "
              + limits.certificatesPerSecond()
              + " a second (expected: fewer; try again after a pause)");
    }
  }
}
