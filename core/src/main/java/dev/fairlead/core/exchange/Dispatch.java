package dev.fairlead.core.exchange;

import static dev.fairlead.core.status.KubernetesStatus.of;

import dev.fairlead.api.FairleadException;
import dev.fairlead.api.LimitException;
import dev.fairlead.api.NotFoundException;
import dev.fairlead.api.OfflineException;
import dev.fairlead.core.fleet.FleetRegistry;
import dev.fairlead.core.fleet.Session;
import dev.fairlead.core.http.Heads;
import dev.fairlead.core.http.Relay;
import dev.fairlead.core.http.Reset;
import dev.fairlead.core.status.KubernetesStatus;
import dev.fairlead.core.status.StatusReason;
import dev.fairlead.core.tunnel.ExchangeHead;
import dev.fairlead.core.tunnel.HubTunnel;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends admitted requests through tunnels to their clusters. Safe for use by any thread. */
final class Dispatch {

  private static final Logger log = LoggerFactory.getLogger(Dispatch.class);

  private final FleetRegistry fleet;

  Dispatch(FleetRegistry fleet) {
    this.fleet = fleet;
  }

  void send(Exchange exchange) {
    Session session;
    try {
      session = fleet.pick(exchange.where().cluster());
    } catch (FairleadException e) {
      exchange.refuse(statusOf(e, exchange));
      return;
    }
    exchange.trail().annotate("agent", session.agentId());
    String protocol = ForwardedFields.upgrade(exchange.head());
    if (protocol != null) {
      exchange.trail().annotate("upgrade", protocol);
    }
    HubTunnel tunnel = session.tunnel();
    try {
      tunnel.executor().execute(() -> open(exchange, tunnel));
    } catch (RejectedExecutionException e) {
      exchange.refuse(goingAway(exchange));
    }
  }

  private static void open(Exchange exchange, HubTunnel tunnel) {
    try {
      Relay.start(
          exchange.stream(),
          exchange.end(),
          listener -> tunnel.exchange(forwarded(exchange), exchange.end(), listener),
          HubTunnel::toRequester,
          new Recorder(exchange));
    } catch (FairleadException e) {
      exchange.refuse(statusOf(e, exchange));
    } catch (RuntimeException e) {
      log.error("audit {}: the exchange could not be opened", exchange.trail().auditId(), e);
      exchange.refuse(of(StatusReason.INTERNAL_ERROR, "the request could not be sent on"));
    }
  }

  private static ExchangeHead forwarded(Exchange exchange) {
    // A copy, as heads that came in over HTTP/2 check names, and would not take those of our own.
    Http2Headers head = Heads.create().add(exchange.head());
    ForwardedFields.keepForCluster(head);
    head.path(exchange.where().target().raw());
    return new ExchangeHead(exchange.caller().identity(), exchange.trail().auditId(), head);
  }

  private static KubernetesStatus statusOf(FairleadException e, Exchange exchange) {
    if (e instanceof NotFoundException) {
      return of(StatusReason.NOT_FOUND, e.getMessage());
    }
    if (e instanceof LimitException) {
      return of(StatusReason.TOO_MANY_REQUESTS, e.getMessage());
    }
    if (e instanceof OfflineException) {
      return of(StatusReason.SERVICE_UNAVAILABLE, e.getMessage());
    }
    return goingAway(exchange);
  }

  private static KubernetesStatus goingAway(Exchange exchange) {
    return of(
        StatusReason.SERVICE_UNAVAILABLE,
        "cluster " + exchange.where().cluster() + ": its agent is just going away; try again");
  }

  /** Writes down how it went. */
  private static final class Recorder implements Relay.Observer {

    private final Exchange exchange;
    private volatile @Nullable Integer status;

    Recorder(Exchange exchange) {
      this.exchange = exchange;
    }

    @Override
    public void onResponse(int code) {
      status = code;
      if (exchange.request().isLongRunning() || code == 101) {
        exchange.trail().responseStarted(code);
      }
    }

    @Override
    public void onComplete(long bytesIn, long bytesOut, @Nullable Reset reason) {
      exchange.over().complete(null);
      Trail trail = exchange.trail();
      trail.annotate("bytes-in", Long.toString(bytesIn));
      trail.annotate("bytes-out", Long.toString(bytesOut));
      trail.annotate("close-reason", reason == null ? "complete" : reason.name());
      trail.complete(status);
    }
  }
}
