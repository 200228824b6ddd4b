package dev.fairlead.core.exchange;

import static dev.fairlead.core.status.KubernetesStatus.of;

import dev.fairlead.api.FairleadException;
import dev.fairlead.api.LimitException;
import dev.fairlead.api.NotFoundException;
import dev.fairlead.api.OfflineException;
import dev.fairlead.api.RequestInfo;
import dev.fairlead.api.Time;
import dev.fairlead.api.audit.AuditSink;
import dev.fairlead.api.auth.AccessRequest;
import dev.fairlead.api.auth.Authorizer;
import dev.fairlead.api.auth.Decision;
import dev.fairlead.core.fleet.FleetRegistry;
import dev.fairlead.core.fleet.Session;
import dev.fairlead.core.http.Heads;
import dev.fairlead.core.http.HttpStream;
import dev.fairlead.core.http.Relay;
import dev.fairlead.core.http.Reset;
import dev.fairlead.core.request.ClusterRequest;
import dev.fairlead.core.request.KubernetesRequest;
import dev.fairlead.core.request.RefusedRequestException;
import dev.fairlead.core.status.KubernetesStatus;
import dev.fairlead.core.status.StatusReason;
import dev.fairlead.core.tunnel.ExchangeHead;
import dev.fairlead.core.tunnel.HubTunnel;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries authenticated requests to their clusters. Safe for use by any thread; nothing here
 * blocks.
 */
public final class Exchanges {

  private static final Logger log = LoggerFactory.getLogger(Exchanges.class);

  private final Authorizer authorizer;
  private final AuditSink audit;
  private final FleetRegistry fleet;
  private final Time time;

  /**
   * Wires the way of a request.
   *
   * @param authorizer decides
   * @param audit records
   * @param fleet knows the tunnels
   * @param time the clock
   */
  public Exchanges(Authorizer authorizer, AuditSink audit, FleetRegistry fleet, Time time) {
    this.authorizer = authorizer;
    this.audit = audit;
    this.fleet = fleet;
    this.time = time;
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
    Optional<String> impersonation = ForwardedFields.impersonation(head);
    KubernetesRequest request;
    try {
      request = KubernetesRequest.of(String.valueOf(head.method()), where.target());
    } catch (RefusedRequestException e) {
      Refusal.send(stream, head, of(e.reason(), e.getMessage()));
      return;
    }
    Trail trail =
        new Trail(
            audit,
            time,
            UUID.randomUUID().toString(),
            where.cluster(),
            where.target(),
            request,
            caller);
    Attempt attempt = new Attempt(stream, head, end, where, caller, request, trail);
    if (impersonation.isPresent()) {
      RequestInfo info = request.info();
      attempt.refuse(
          KubernetesStatus.forbidden(
              info.apiGroup(),
              info.resource(),
              info.name(),
              "User \""
                  + caller.identity().username()
                  + "\" may not impersonate on cluster "
                  + where.cluster()));
      return;
    }
    attempt.authorize();
  }

  /** One request on its way. */
  private final class Attempt implements Relay.Observer {

    private final HttpStream stream;
    private final Http2Headers head;
    private final boolean end;
    private final ClusterRequest where;
    private final Caller caller;
    private final KubernetesRequest request;
    private final Trail trail;
    private volatile @Nullable Integer status;

    Attempt(
        HttpStream stream,
        Http2Headers head,
        boolean end,
        ClusterRequest where,
        Caller caller,
        KubernetesRequest request,
        Trail trail) {
      this.stream = stream;
      this.head = head;
      this.end = end;
      this.where = where;
      this.caller = caller;
      this.request = request;
      this.trail = trail;
    }

    void authorize() {
      CompletionStage<Decision> decision;
      try {
        decision =
            authorizer.authorize(
                new AccessRequest(caller.identity(), where.cluster(), request.forAuthorization()));
      } catch (RuntimeException e) {
        broken("authoriser", e);
        return;
      }
      decision.whenComplete(
          (decided, failure) -> {
            if (failure != null || decided == null) {
              broken("authoriser", failure);
            } else if (decided instanceof Decision.Denied denied) {
              trail.annotate("decision", "deny");
              RequestInfo info = request.info();
              refuse(
                  KubernetesStatus.forbidden(
                      info.apiGroup(), info.resource(), info.name(), denied.message()));
            } else if (decided instanceof Decision.Allowed allowed) {
              trail.annotate("decision", "allow");
              trail.annotate("role", allowed.role());
              trail.annotate("rule", allowed.rule());
              record();
            }
          });
    }

    private void record() {
      trail
          .received()
          .whenComplete(
              (nothing, failure) -> {
                if (failure != null) {
                  log.error("audit {}: not recorded: {}", trail.auditId(), failure.toString());
                  Refusal.send(
                      stream,
                      head,
                      of(
                          StatusReason.INTERNAL_ERROR,
                          "the request could not be recorded in the audit trail, so it was not sent"
                              + " (expected: a working audit sink)"));
                } else {
                  open();
                }
              });
    }

    private void open() {
      Session session;
      try {
        session = fleet.pick(where.cluster());
      } catch (FairleadException e) {
        refuse(statusOf(e));
        return;
      }
      trail.annotate("agent", session.agentId());
      String protocol = ForwardedFields.upgrade(head);
      if (protocol != null) {
        trail.annotate("upgrade", protocol);
      }
      HubTunnel tunnel = session.tunnel();
      tunnel
          .executor()
          .execute(
              () -> {
                try {
                  Relay.start(
                      stream,
                      end,
                      listener -> tunnel.exchange(exchangeHead(), end, listener),
                      HubTunnel::toRequester,
                      this);
                } catch (FairleadException e) {
                  refuse(statusOf(e));
                } catch (RuntimeException e) {
                  log.error("audit {}: the exchange could not be opened", trail.auditId(), e);
                  refuse(of(StatusReason.INTERNAL_ERROR, "the request could not be sent on"));
                }
              });
    }

    private ExchangeHead exchangeHead() {
      // A copy, as heads that came in over HTTP/2 check names, and would not take those of our own.
      Http2Headers forwarded = Heads.create().add(head);
      ForwardedFields.keepForCluster(forwarded);
      forwarded.path(where.target().raw());
      return new ExchangeHead(caller.identity(), trail.auditId(), forwarded);
    }

    private KubernetesStatus statusOf(FairleadException e) {
      if (e instanceof NotFoundException) {
        return of(StatusReason.NOT_FOUND, e.getMessage());
      }
      if (e instanceof LimitException) {
        return of(StatusReason.TOO_MANY_REQUESTS, e.getMessage());
      }
      if (e instanceof OfflineException) {
        return of(StatusReason.SERVICE_UNAVAILABLE, e.getMessage());
      }
      return of(
          StatusReason.SERVICE_UNAVAILABLE,
          "cluster " + where.cluster() + ": its agent is just going away; try again");
    }

    private void broken(String what, @Nullable Throwable failure) {
      log.error("audit {}: the {} failed", trail.auditId(), what, failure);
      refuse(of(StatusReason.INTERNAL_ERROR, "the request could not be authorised"));
    }

    /**
     * Records the refusal, and then answers; an answer that cannot be recorded is still a refusal.
     */
    void refuse(KubernetesStatus refusal) {
      trail
          .complete(refusal.code())
          .whenComplete((nothing, failure) -> Refusal.send(stream, head, refusal));
    }

    @Override
    public void onResponse(int code) {
      status = code;
      if (request.isLongRunning() || code == 101) {
        trail.responseStarted(code);
      }
    }

    @Override
    public void onComplete(long bytesIn, long bytesOut, @Nullable Reset reason) {
      trail.annotate("bytes-in", Long.toString(bytesIn));
      trail.annotate("bytes-out", Long.toString(bytesOut));
      trail.annotate("close-reason", reason == null ? "complete" : reason.name());
      trail.complete(status);
    }
  }
}
