package dev.fairlead.agent.exchange;

import dev.fairlead.agent.guard.Guard;
import dev.fairlead.agent.upstream.Upstream;
import dev.fairlead.api.Time;
import dev.fairlead.core.drain.DrainTimes;
import dev.fairlead.core.drain.Lasting;
import dev.fairlead.core.drain.RunningRelays;
import dev.fairlead.core.exchange.Refusal;
import dev.fairlead.core.http.Heads;
import dev.fairlead.core.http.HttpStream;
import dev.fairlead.core.http.Relay;
import dev.fairlead.core.http.Reset;
import dev.fairlead.core.request.KubernetesRequest;
import dev.fairlead.core.request.RefusedRequestException;
import dev.fairlead.core.request.RequestTarget;
import dev.fairlead.core.status.KubernetesStatus;
import dev.fairlead.core.tunnel.ExchangeHead;
import dev.fairlead.core.tunnel.Switching;
import io.netty.handler.codec.http2.Http2Headers;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves the exchanges of an agent's tunnels. Safe for use by any thread. */
public final class Exchanges {

  private static final Logger log = LoggerFactory.getLogger(Exchanges.class);

  private final Guard guard;
  private final Upstream upstream;
  private final InstantSource clock;
  private final RunningRelays relays = new RunningRelays();

  /**
   * Serves exchanges from one API server.
   *
   * @param guard what is refused
   * @param upstream where the rest goes
   * @param clock the wall clock, for rules that hold at some hours
   */
  public Exchanges(Guard guard, Upstream upstream, InstantSource clock) {
    this.clock = Objects.requireNonNull(clock, "clock");
    this.guard = Objects.requireNonNull(guard, "guard");
    this.upstream = Objects.requireNonNull(upstream, "upstream");
  }

  /**
   * Serves an exchange.
   *
   * @param exchange its head
   * @param stream the tunnel's stream, to which nobody listens yet
   * @param end whether the request ended with its head
   */
  public void serve(ExchangeHead exchange, HttpStream stream, boolean end) {
    KubernetesRequest request;
    try {
      RequestTarget target = RequestTarget.parse(exchange.head().path());
      request = KubernetesRequest.of(exchange.head().method().toString(), target);
    } catch (RefusedRequestException e) {
      Refusal.send(
          stream, exchange.head(), KubernetesStatus.of(e.reason(), String.valueOf(e.getMessage())));
      return;
    }
    Optional<String> refusal = guard.refusal(exchange.identity(), request, clock.instant());
    if (refusal.isPresent()) {
      log.warn("exchange {}: refused: {}", exchange.auditId(), refusal.get());
      var info = request.info();
      Refusal.send(
          stream,
          exchange.head(),
          KubernetesStatus.forbidden(info.apiGroup(), info.resource(), info.name(), refusal.get()));
      return;
    }
    Lasting kind = Lasting.of(request, exchange.protocol() != null);
    boolean lasts = kind != Lasting.REQUEST;
    RunningRelays.Followed followed = relays.follow(kind, upstream.executor(), new Unobserved());
    Http2Headers head = RequestHeads.prepare(exchange);
    boolean toProxied = isProxied(request);
    try {
      upstream
          .executor()
          .execute(
              () ->
                  followed.started(
                      Relay.start(
                          stream,
                          end,
                          listener -> upstream.open(head, end, lasts, toProxied, listener),
                          followed.isWatch(),
                          Exchanges::toHub,
                          followed)));
    } catch (RejectedExecutionException e) {
      log.debug("exchange {}: the agent is closed", exchange.auditId());
      stream.reset(Reset.REFUSED);
    }
  }

  /**
   * Ends watches now, each after one of its events, and what else is under way when its time is up.
   *
   * @param times how long requests and streams may go on
   * @param time when to end them
   */
  public void drain(DrainTimes times, Time time) {
    relays.drain(times, time);
  }

  /** Whether the answer is not the API server's own, so that a 401 is not about the agent. */
  private static boolean isProxied(KubernetesRequest request) {
    return request.info().verb().equals("proxy") || request.info().subresource().equals("proxy");
  }

  private static Http2Headers toHub(Http2Headers response) {
    CharSequence protocol = response.getAndRemove(Heads.PROTOCOL);
    Heads.removeHopByHop(response);
    return protocol == null ? response : Switching.encode(response, protocol);
  }

  /** The hub is the one that keeps records of exchanges. */
  private static final class Unobserved implements Relay.Observer {
    @Override
    public void onResponse(int status) {
      // See above.
    }

    @Override
    public void onComplete(long bytesIn, long bytesOut, @Nullable Reset reason) {
      // See above.
    }
  }
}
