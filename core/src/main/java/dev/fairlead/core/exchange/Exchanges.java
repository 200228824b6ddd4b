package dev.fairlead.core.exchange;

import static dev.fairlead.core.status.KubernetesStatus.of;

import dev.fairlead.api.Time;
import dev.fairlead.api.audit.AuditSink;
import dev.fairlead.api.auth.Authorizer;
import dev.fairlead.core.fleet.FleetRegistry;
import dev.fairlead.core.http.HttpStream;
import dev.fairlead.core.request.ClusterRequest;
import dev.fairlead.core.request.KubernetesRequest;
import dev.fairlead.core.request.RefusedRequestException;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * Carries authenticated requests to their clusters. Safe for use by any thread; nothing here
 * blocks.
 */
public final class Exchanges {

  private final AuditSink audit;
  private final Time time;
  private final Admission admission;

  /**
   * Wires the way of a request.
   *
   * @param authorizer decides
   * @param audit records
   * @param fleet knows the tunnels
   * @param limits how many requests may be under way
   * @param time the clock
   */
  public Exchanges(
      Authorizer authorizer,
      AuditSink audit,
      FleetRegistry fleet,
      ExchangeLimits limits,
      Time time) {
    this.audit = audit;
    this.time = time;
    this.admission =
        new Admission(authorizer, fleet, time, new Caps(limits), new Dispatch(fleet)::send);
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
    try {
      request = KubernetesRequest.of(String.valueOf(head.method()), where.target());
    } catch (RefusedRequestException e) {
      Refusal.send(stream, head, of(e.reason(), e.getMessage()));
      return;
    }
    String auditId = UUID.randomUUID().toString();
    Trail trail = new Trail(audit, time, auditId, where.cluster(), where.target(), request, caller);
    Exchange exchange =
        new Exchange(
            new Returnable(stream),
            head,
            end,
            where,
            caller,
            request,
            trail,
            new CompletableFuture<>());
    Optional<String> impersonation = ForwardedFields.impersonation(head);
    if (impersonation.isPresent()) {
      exchange.forbid(
          "User \""
              + caller.identity().username()
              + "\" may not impersonate on cluster "
              + where.cluster());
      return;
    }
    admission.decide(exchange);
  }
}
