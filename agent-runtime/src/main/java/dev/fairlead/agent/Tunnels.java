package dev.fairlead.agent;

import dev.fairlead.agent.exchange.Exchanges;
import dev.fairlead.api.Time;
import dev.fairlead.api.TransportException;
import dev.fairlead.api.UnauthenticatedException;
import dev.fairlead.api.metrics.Metrics;
import dev.fairlead.api.transport.AgentTransport;
import dev.fairlead.api.transport.Pipe;
import dev.fairlead.core.drain.DrainTimes;
import dev.fairlead.core.http.HttpStream;
import dev.fairlead.core.http.LinkMetrics;
import dev.fairlead.core.http.LinkSettings;
import dev.fairlead.core.http.Reset;
import dev.fairlead.core.tunnel.AgentReport;
import dev.fairlead.core.tunnel.AgentTunnel;
import dev.fairlead.core.tunnel.ExchangeHead;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one tunnel open. When it is to be replaced, because the hub drains it, the certificate was
 * renewed or it has carried as many exchanges as it may, the next one is opened first and the old
 * one ends with its last exchange. State is touched on one event loop only.
 */
final class Tunnels {

  /** A tunnel that lasted this long makes the next wait begin at the shortest again. */
  static final Duration STABLE = Duration.ofSeconds(30);

  static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private static final Duration LAST_WORDS = Duration.ofSeconds(1);
  private static final Logger log = LoggerFactory.getLogger(Tunnels.class);
  private static final int MOST_SESSIONS = 8;

  private final AgentTransport transport;
  private final HubCredentials credentials;
  private final EventLoop loop;
  private final Time time;
  private final Progress progress;
  private final Backoff backoff;
  private final Takeovers takeovers = new Takeovers();
  private final int rotateAfter;
  private final LinkMetrics metrics;
  private final Metrics.Counter reconnects;
  private final List<Session> sessions = new ArrayList<>();
  private final CompletableFuture<Void> drained = new CompletableFuture<>();
  private @Nullable Exchanges exchanges;
  private @Nullable Session current;
  private @Nullable Session dialling;
  private Time.@Nullable Scheduled next;
  private AgentReport report = AgentReport.UNKNOWN;
  private boolean connectedBefore;
  private boolean refusedNow;
  private boolean stopped;

  Tunnels(
      AgentTransport transport,
      HubCredentials credentials,
      EventLoop loop,
      Time time,
      RandomGenerator random,
      Progress progress,
      LinkMetrics metrics,
      Metrics.Counter reconnects,
      int rotateAfter) {
    this.transport = transport;
    this.credentials = credentials;
    this.loop = loop;
    this.time = time;
    this.progress = progress;
    this.rotateAfter = rotateAfter;
    this.metrics = metrics;
    this.reconnects = reconnects;
    this.backoff = new Backoff(random, FIRST_PAUSE, LONGEST_PAUSE);
  }

  /** Begins to dial. Any thread. */
  void begin(Exchanges serving) {
    onLoop(
        () -> {
          exchanges = serving;
          dialIfNeeded();
        });
  }

  /** Replaces the tunnel by one with the renewed certificate. Any thread. */
  void renew() {
    onLoop(this::dialIfNeeded);
  }

  /** Tells the hub about the API server, now and on each further tunnel. Any thread. */
  void report(AgentReport news) {
    onLoop(
        () -> {
          report = news;
          sessions.forEach(session -> session.tunnel().report(news));
        });
  }

  /**
   * Takes no further exchanges, and closes when those under way are over or their time is up. Any
   * thread.
   *
   * @return completes when all tunnels are closed
   */
  CompletableFuture<Void> drain(DrainTimes times) {
    onLoop(
        () -> {
          stopped = true;
          if (exchanges != null) {
            exchanges.drain(times, time);
          }
          cancelNext();
          if (dialling != null) {
            dialling.tunnel().abort(new TransportException("agent: closed"));
          }
          List.copyOf(sessions).forEach(Session::drain);
          completeIfDrained();
          if (times.longest().isZero()) {
            abortAll();
          } else if (!drained.isDone()) {
            // What was ended at the last moment still gets out, so that tunnels close in order.
            next = time.schedule(times.longest().plus(LAST_WORDS), () -> onLoop(this::abortAll));
          }
        });
    return drained;
  }

  private void onLoop(Runnable task) {
    try {
      loop.execute(task);
    } catch (RejectedExecutionException e) {
      log.debug("the event loop is stopped, and the tunnels with it");
      drained.complete(null);
    }
  }

  private void abortAll() {
    List.copyOf(sessions)
        .forEach(session -> session.tunnel().abort(new TransportException("agent: closed")));
  }

  private void completeIfDrained() {
    if (stopped && sessions.isEmpty()) {
      cancelNext();
      drained.complete(null);
    }
  }

  private void cancelNext() {
    if (next != null) {
      next.cancel();
      next = null;
    }
  }

  long now() {
    return time.nanoTime();
  }

  void serve(ExchangeHead exchange, HttpStream stream, boolean end) {
    Exchanges serving = exchanges;
    if (serving == null) {
      stream.reset(Reset.REFUSED);
    } else {
      serving.serve(exchange, stream, end);
    }
  }

  /** A tunnel carried one more exchange. */
  void carried(Session session) {
    if (session == current && session.carried() == rotateAfter) {
      log.info("the tunnel has carried {} exchanges; opening another one", rotateAfter);
      dialIfNeeded();
    }
  }

  private boolean isNeeded() {
    Session present = current;
    return present == null
        || present.isDraining()
        || present.carried() >= rotateAfter
        || present.generation() < credentials.generation();
  }

  private void dialIfNeeded() {
    cancelNext();
    if (stopped || dialling != null || !isNeeded()) {
      return;
    }
    Session session = new Session(this, credentials.generation());
    try {
      Pipe pipe = transport.dial(credentials.current());
      session.begun(AgentTunnel.open(pipe, loop, LinkSettings.TUNNEL, time, metrics, session));
    } catch (RuntimeException e) {
      failed(e);
      return;
    }
    dialling = session;
    sessions.add(session);
    session.tunnel().report(report);
    if (sessions.size() > MOST_SESSIONS) {
      sessions.get(0).tunnel().abort(new TransportException("agent: replaced long ago"));
    }
  }

  void opened(Session session) {
    if (session != dialling) {
      return;
    }
    Session former = current;
    dialling = null;
    current = session;
    if (stopped) {
      session.drain();
      return;
    }
    if (connectedBefore) {
      reconnects.increment();
    }
    connectedBefore = true;
    progress.connected();
    log.info("connected to the hub");
    if (former != null && !former.isDraining()) {
      former.drain();
    }
    if (isNeeded()) {
      dialAfter(backoff.next());
    }
  }

  void draining(Session session) {
    if (session == current && !stopped && session.isReplaced() && dialling == null) {
      takenOver();
    } else if (session == current && !stopped) {
      log.info("the hub drains the tunnel; opening another one");
      if (isStable(session)) {
        backoff.reset();
      }
      // Not at once: a hub that restarts drains all of its agents in the same moment.
      dialAfter(backoff.next());
    }
  }

  /** By a newer tunnel that is none of this agent's: another process has the same identity. */
  private void takenOver() {
    if (takeovers.isTooMany(now())) {
      stopped = true;
      log.warn(
          "gives way for good: another agent with the same identity took over its tunnel {} times"
              + " within {}; run one of them only, or enrol this one with an install token of its"
              + " own",
          Takeovers.MOST,
          Takeovers.WITHIN);
      progress.refused(
          new UnauthenticatedException(
              "agent: another one with the same identity took over its tunnel "
                  + Takeovers.MOST
                  + " times (expected: one agent for each identity)"));
      return;
    }
    log.warn("another agent with the same identity took over the tunnel; taking it back");
    dialAfter(backoff.next());
  }

  void closed(Session session, @Nullable Throwable cause) {
    sessions.remove(session);
    if (session == dialling) {
      dialling = null;
      if (!stopped) {
        failed(cause == null ? new TransportException("hub: closed the connection") : cause);
      }
    } else if (session == current) {
      current = null;
      if (!stopped) {
        lost(session, cause);
      }
    }
    completeIfDrained();
  }

  private void lost(Session session, @Nullable Throwable cause) {
    progress.disconnected();
    String why = cause == null ? "closed in order" : String.valueOf(cause.getMessage());
    progress.failed(why);
    log.info("disconnected from the hub: {}", why);
    if (isStable(session)) {
      backoff.reset();
    }
    if (dialling == null) {
      if (cause != null && Refusal.in(cause) != null) {
        failed(cause);
      } else if (next == null) {
        dialAfter(backoff.next());
      }
    }
  }

  private boolean isStable(Session session) {
    return now() - session.openedAt() >= STABLE.toNanos();
  }

  private void failed(Throwable cause) {
    UnauthenticatedException refusal = Refusal.in(cause);
    String why = String.valueOf(cause.getMessage());
    progress.failed(why);
    boolean mayPass = refusal != null && connectedBefore && Refusal.mayPass(refusal);
    if (refusal != null && current == null && !mayPass) {
      stopped = true;
      log.warn("refused by the hub for good: {}; enrol again with a new install token", why);
      progress.refused(refusal);
      completeIfDrained();
      return;
    }
    if (mayPass && !refusedNow) {
      log.warn("{}; trying on, as it was good before: is a clock wrong?", why);
    }
    refusedNow = mayPass;
    log.debug("no tunnel to the hub: {}", why, cause);
    dialAfter(backoff.next());
  }

  private void dialAfter(Duration pause) {
    cancelNext();
    next = time.schedule(pause, () -> onLoop(this::dialIfNeeded));
  }
}
