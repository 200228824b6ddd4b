package dev.fairlead.core.exchange;

import static dev.fairlead.core.status.KubernetesStatus.of;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.InvalidException;
import dev.fairlead.api.Time;
import dev.fairlead.api.audit.AuditSink;
import dev.fairlead.api.auth.Authorizer;
import dev.fairlead.api.auth.Grounds;
import dev.fairlead.api.metrics.Metrics;
import dev.fairlead.core.fleet.FleetRegistry;
import dev.fairlead.core.http.Heads;
import dev.fairlead.core.http.HttpStream;
import dev.fairlead.core.request.ClusterRequest;
import dev.fairlead.core.request.KubernetesRequest;
import dev.fairlead.core.request.RefusedRequestException;
import dev.fairlead.core.status.KubernetesStatus;
import io.netty.handler.codec.http2.Http2Headers;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Carries authenticated requests to their clusters. Safe for use by any thread; nothing here
 * blocks.
 */
public final class Exchanges implements AutoCloseable {

  private final AuditSink audit;
  private final Time time;
  private final AccessCheck check;
  private final Recording recording;
  private final EarlyRefusals refusals;
  private final RefusalCounts refused;
  private final Progress progress;
  private final RunningExchanges running;
  private final Admission admission;

  /**
   * Wires the way of a request.
   *
   * @param authorizer decides
   * @param audit records
   * @param fleet knows the tunnels
   * @param limits how many requests may be under way
   * @param recording what is recorded beside beginnings and ends
   * @param time the clock
   * @param metrics counts refusals
   */
  public Exchanges(
      Authorizer authorizer,
      AuditSink audit,
      FleetRegistry fleet,
      ExchangeLimits limits,
      Recording recording,
      Time time,
      Metrics metrics) {
    this.audit = audit;
    this.time = time;
    this.check = new AccessCheck(authorizer, fleet, time);
    this.recording = recording;
    this.refusals = new EarlyRefusals(audit, time, recording.refusals());
    this.refused = new RefusalCounts(metrics);
    this.progress = new Progress(recording.every(), time);
    this.running = new RunningExchanges(check, time);
    this.admission =
        new Admission(check, running, new Caps(limits, time), new Dispatch(fleet, progress)::send);
  }

  /**
   * Serves one request: the stream gets the cluster's response, or a {@code metav1.Status} that
   * says why there is none.
   *
   * @param stream the request's stream, which nobody listens to yet
   * @param head the request's head as the client sent it, from now on this object's own
   * @param end whether the request ends with its head
   * @param where the cluster, and the target as the cluster is to see it
   * @param caller who calls
   */
  public void serve(
      HttpStream stream, Http2Headers head, boolean end, ClusterRequest where, Caller caller) {
    KubernetesRequest request;
    Duration patience;
    try {
      request = KubernetesRequest.of(String.valueOf(head.method()), where.target());
      // A session has no end that could be waited for.
      patience =
          head.contains(Heads.PROTOCOL) ? null : Patience.of(request, where.target().query());
    } catch (RefusedRequestException e) {
      KubernetesStatus refusal = of(e.reason(), e.getMessage());
      turnedAway(head, caller.sourceIp(), where, refusal.code(), String.valueOf(e.getMessage()));
      Refusal.send(stream, head, refusal);
      return;
    }
    String auditId = UUID.randomUUID().toString();
    Trail trail =
        new Trail(
            audit, time, recording, auditId, where.cluster(), where.target(), request, caller);
    Impersonation impersonation = null;
    String refusal = null;
    try {
      impersonation = Impersonation.of(head).orElse(null);
    } catch (InvalidException e) {
      refusal =
          "User \""
              + caller.identity().username()
              + "\" may not impersonate on cluster "
              + where.cluster()
              + ": "
              + e.getMessage();
    }
    if (impersonation != null) {
      trail.impersonating(impersonation.identity());
    }
    Exchange exchange =
        new Exchange(
            new Returnable(stream),
            head,
            end,
            where,
            caller,
            impersonation,
            request,
            trail,
            new Standing(),
            patience,
            refused,
            new CompletableFuture<>());
    String forbidden = refusal;
    exchange.attempt(() -> enter(exchange, forbidden));
  }

  private void enter(Exchange exchange, @Nullable String forbidden) {
    if (BodySize.isTooLarge(exchange)) {
      exchange.refuse(BodySize.REFUSAL);
    } else if (forbidden == null) {
      admission.decide(exchange);
    } else {
      exchange.forbid(forbidden);
    }
  }

  /**
   * Tells whether somebody may do anything on a cluster: whether they may ask for its version,
   * which is where every client of Kubernetes begins, and which roles allow wherever they allow
   * anything. It is not audited, as nothing happens.
   *
   * @param cluster the cluster's name
   * @param caller who
   * @return a stage that does not fail: who cannot be judged may not
   */
  public CompletionStage<Boolean> mayUse(ClusterName cluster, Caller caller) {
    return check.mayUse(cluster, caller);
  }

  /**
   * Records and counts that a request was refused before anybody was known.
   *
   * @param head the request's head as the client sent it
   * @param source where it came from, without a port
   * @param where the cluster it asked for, or null if none was found
   * @param code the status that it is answered
   * @param reason why, without secrets
   */
  public void turnedAway(
      Http2Headers head, String source, @Nullable ClusterRequest where, int code, String reason) {
    refused.count(code);
    refusals.record(Turned.away(head, source, where, time.instant()), code, reason);
  }

  /**
   * Where refusals go that no request stands for.
   *
   * @return the same records, with the same limit
   */
  public EarlyRefusals refusals() {
    return refusals;
  }

  /**
   * Hears that credentials, users or rules changed; what stands on them ends.
   *
   * @return a listener for whoever tells of changes
   */
  public Grounds.Listener grounds() {
    return running;
  }

  /**
   * Ends what is under way for a cluster that leaves the fleet.
   *
   * @param cluster its name
   */
  public void clusterRemoved(ClusterName cluster) {
    running.clusterRemoved(cluster);
  }

  /**
   * Ends what is under way through an agent that was revoked.
   *
   * @param agentId its id
   */
  public void agentRevoked(String agentId) {
    running.agentRevoked(agentId);
  }

  /**
   * Asks again for what is under way for a cluster whose labels may have changed.
   *
   * @param cluster its name
   */
  public void clusterChanged(ClusterName cluster) {
    running.clusterChanged(cluster);
  }

  /** Ends nothing, but no longer waits for the moments at which something would end. */
  @Override
  public void close() {
    running.close();
    progress.close();
  }
}
