package dev.fairlead.core.exchange;

import static dev.fairlead.core.status.KubernetesStatus.of;

import dev.fairlead.api.FairleadException;
import dev.fairlead.api.LimitException;
import dev.fairlead.api.NotFoundException;
import dev.fairlead.api.OfflineException;
import dev.fairlead.api.TransportException;
import dev.fairlead.core.drain.Lasting;
import dev.fairlead.core.drain.RunningRelays;
import dev.fairlead.core.fleet.FleetRegistry;
import dev.fairlead.core.fleet.Session;
import dev.fairlead.core.http.Farewell;
import dev.fairlead.core.http.Heads;
import dev.fairlead.core.http.HttpStream;
import dev.fairlead.core.http.Relay;
import dev.fairlead.core.http.Reset;
import dev.fairlead.core.status.KubernetesStatus;
import dev.fairlead.core.status.StatusReason;
import dev.fairlead.core.tunnel.ExchangeHead;
import dev.fairlead.core.tunnel.HubTunnel;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends admitted requests through tunnels to their clusters. Safe for use by any thread. */
final class Dispatch {

  private static final Logger log = LoggerFactory.getLogger(Dispatch.class);

  /** More would only pass a request around a cluster that is going away as a whole. */
  private static final int MOST_TRIES = 3;

  private final FleetRegistry fleet;
  private final Progress progress;

  Dispatch(FleetRegistry fleet, Progress progress) {
    this.fleet = fleet;
    this.progress = progress;
  }

  void send(Exchange exchange) {
    String protocol = ForwardedFields.upgrade(exchange.head());
    if (protocol != null) {
      exchange.trail().annotate(Fact.UPGRADE, protocol);
    }
    new Course(exchange).tryNext();
  }

  /**
   * The ways that were tried for one exchange. Another session is tried only if nothing was sent on
   * the one before, or if its agent said that it processed nothing and all of the request is still
   * here: no request that may have run is sent a second time.
   */
  private final class Course {

    private final Exchange exchange;
    private final List<Session> tried = new ArrayList<>();
    private @Nullable FairleadException lastFailure;

    Course(Exchange exchange) {
      this.exchange = exchange;
    }

    void tryNext() {
      Session session;
      try {
        session = fleet.pick(exchange.where().cluster(), tried);
      } catch (FairleadException e) {
        giveUp(lastFailure == null ? e : lastFailure);
        return;
      }
      exchange.trail().annotate(Fact.AGENT, session.agentId());
      exchange.standing().through(session.agentId());
      try {
        session.tunnel().executor().execute(() -> exchange.attempt(() -> open(session)));
      } catch (RejectedExecutionException e) {
        tryAnother(session, new TransportException("hub: closing", e));
      }
    }

    private void open(Session session) {
      if (!exchange.standing().begin()) {
        return;
      }
      KubernetesStatus lost = exchange.standing().lost();
      if (lost != null) {
        exchange.refuse(lost);
        return;
      }
      String protocol = ForwardedFields.upgrade(exchange.head());
      Recorder recorder = new Recorder(exchange, progress);
      RunningRelays.Followed followed =
          session
              .relays()
              .follow(
                  Lasting.of(exchange.request(), protocol != null),
                  session.tunnel().executor(),
                  recorder);
      Relay relay = null;
      try {
        Relay started =
            Relay.start(
                exchange.stream(),
                exchange.end(),
                listener ->
                    session
                        .tunnel()
                        .exchange(
                            forwarded(exchange), exchange.end(), new Refusable(session, listener)),
                followed.isWatch(),
                HubTunnel::toRequester,
                followed);
        relay = started;
        followed.started(started);
        recorder.follow(started);
        exchange
            .standing()
            .running(
                () -> cutOff(started, session), () -> answer(started, session, exchange.late()));
        recorder.whenTooMuch(() -> answer(started, session, BodySize.REFUSAL));
      } catch (LimitException | TransportException e) {
        tryAnother(session, e);
      } catch (RuntimeException | Error e) {
        if (relay == null) {
          exchange.panic(e);
        } else {
          answer(relay, session, exchange.failed(e));
        }
      }
    }

    /**
     * What was cut off must not look complete: it ends with a word of why where there is a place
     * for that, and else the user's stream is reset, too.
     */
    private void cutOff(Relay relay, Session session) {
      Farewell words = farewell();
      try {
        session.tunnel().executor().execute(() -> relay.abort(Reset.CANCEL, words));
      } catch (RejectedExecutionException e) {
        log.debug("audit {}: ends with its tunnel", exchange.trail().auditId());
      }
    }

    private Farewell farewell() {
      KubernetesStatus lost = Objects.requireNonNull(exchange.standing().lost(), "lost");
      String sentence = "ended by the hub: " + lost.message();
      byte[] status = of(lost.reason(), sentence).toJson();
      return new Farewell(new String(status, StandardCharsets.UTF_8), sentence);
    }

    /** Answers in the cluster's place; what was answered in part is cut off. */
    private void answer(Relay relay, Session session, KubernetesStatus instead) {
      try {
        session
            .tunnel()
            .executor()
            .execute(
                () -> {
                  if (relay.withdraw(instead.code())) {
                    exchange.refusals().count(instead.code());
                    Refusal.send(exchange.stream(), exchange.head(), instead);
                  } else {
                    relay.abort(Reset.CANCEL);
                  }
                });
      } catch (RejectedExecutionException e) {
        log.debug("audit {}: ends with its tunnel", exchange.trail().auditId());
      }
    }

    private void tryAnother(Session refused, FairleadException why) {
      log.debug(
          "audit {}: not taken by agent {}: {}",
          exchange.trail().auditId(),
          refused.agentId(),
          why.getMessage());
      tried.add(refused);
      lastFailure = why;
      if (!exchange.standing().again()) {
        exchange.refuse(exchange.late());
        return;
      }
      if (tried.size() < MOST_TRIES) {
        tryNext();
      } else {
        giveUp(why);
      }
    }

    private void giveUp(FairleadException why) {
      exchange.refuse(statusOf(why, exchange));
    }

    /** Hears the agent, and takes the request back if the agent did not process it. */
    private final class Refusable implements HttpStream.Listener {

      private final Session session;
      private final HttpStream.Listener relay;
      private boolean answered;

      Refusable(Session session, HttpStream.Listener relay) {
        this.session = session;
        this.relay = relay;
      }

      @Override
      public void onHead(Http2Headers head, boolean end) {
        answered = true;
        // A cluster must not set what browsers keep for the hub; no cookie goes to it either.
        head.remove("set-cookie");
        relay.onHead(head, end);
      }

      @Override
      public void onData(ByteBuf data, boolean end) {
        relay.onData(data, end);
      }

      @Override
      public void onTrailers(Http2Headers trailers) {
        relay.onTrailers(trailers);
      }

      @Override
      public void onReset(Reset reason) {
        if (reason == Reset.REFUSED && !answered && exchange.stream().takeBack()) {
          tryAnother(session, new TransportException("agent: refused the exchange"));
        } else {
          relay.onReset(reason);
        }
      }

      @Override
      public void onSent(int bytes) {
        relay.onSent(bytes);
      }
    }
  }

  private static ExchangeHead forwarded(Exchange exchange) {
    // A copy, as heads that came in over HTTP/2 check names, and would not take those of our own.
    Http2Headers head = Heads.create().add(exchange.head());
    ForwardedFields.keepForCluster(head);
    head.path(exchange.where().target().raw());
    return new ExchangeHead(exchange.runsAs(), exchange.trail().auditId(), head);
  }

  private static KubernetesStatus statusOf(FairleadException e, Exchange exchange) {
    if (e instanceof NotFoundException) {
      return of(StatusReason.NOT_FOUND, e.getMessage());
    }
    if (e instanceof LimitException) {
      return of(
          StatusReason.TOO_MANY_REQUESTS,
          "cluster " + exchange.where().cluster() + ": " + e.getMessage());
    }
    if (e instanceof OfflineException) {
      return of(StatusReason.SERVICE_UNAVAILABLE, e.getMessage());
    }
    return of(
        StatusReason.SERVICE_UNAVAILABLE,
        "cluster " + exchange.where().cluster() + ": its agent is just going away; try again");
  }
}
