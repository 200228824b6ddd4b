package dev.fairlead.core.fleet;

import dev.fairlead.api.AgentInfo;
import dev.fairlead.api.Time;
import dev.fairlead.api.UnauthenticatedException;
import dev.fairlead.api.transport.Pipe;
import dev.fairlead.core.drain.RunningRelays;
import dev.fairlead.core.enrolment.AdmittedAgent;
import dev.fairlead.core.http.LinkSettings;
import dev.fairlead.core.tunnel.AgentReport;
import dev.fairlead.core.tunnel.HubTunnel;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One tunnel of one agent, from the moment it was admitted. Safe for use by any thread. */
public final class Session {

  private static final Logger log = LoggerFactory.getLogger(Session.class);

  /** No timer of a hub is set further ahead than this; it is set again then. */
  private static final Duration LONGEST_TIMER = Duration.ofDays(30);

  private static final int CUT_OFF_SECONDS = 5;

  private final AdmittedAgent agent;
  private final Instant connectedSince;
  private final FleetRegistry registry;
  private final Runnable settled;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final RunningRelays relays = new RunningRelays();
  private volatile AgentReport report = AgentReport.UNKNOWN;
  private volatile @Nullable HubTunnel tunnel;
  private volatile Time.@Nullable Scheduled expiry;

  private Session(
      AdmittedAgent agent, FleetRegistry registry, Instant connectedSince, Runnable settled) {
    this.agent = agent;
    this.settled = settled;
    this.registry = registry;
    this.connectedSince = connectedSince;
  }

  /** Begins the session; it joins the fleet when the agent has spoken. Not on an event loop. */
  static Session begin(
      FleetRegistry registry,
      AdmittedAgent agent,
      Pipe pipe,
      EventLoop loop,
      LinkSettings settings,
      Time time,
      Runnable settled) {
    Session session = new Session(agent, registry, time.instant(), settled);
    session.awaitExpiry(time);
    // On the loop, so that no callback comes before the session knows its tunnel.
    Future<?> opened =
        loop.submit(
            () ->
                session.tunnel =
                    HubTunnel.open(
                        pipe, loop, settings, time, registry.metrics(), session.new FromTunnel()));
    opened.syncUninterruptibly();
    return session;
  }

  private void awaitExpiry(Time time) {
    Duration left = Duration.between(time.instant(), agent.certificateNotAfter());
    Time.Scheduled next =
        time.schedule(
            left.compareTo(LONGEST_TIMER) < 0 ? left : LONGEST_TIMER, () -> checkExpiry(time));
    expiry = next;
    if (closed.getCount() == 0) {
      next.cancel();
    }
  }

  /** The wall clock may have been set back meanwhile. */
  private void checkExpiry(Time time) {
    if (time.instant().isBefore(agent.certificateNotAfter())) {
      awaitExpiry(time);
      return;
    }
    tunnel()
        .abort(new UnauthenticatedException("agent " + agentId() + ": its certificate expired"));
  }

  /**
   * The tunnel.
   *
   * @return the hub's end of it
   */
  public HubTunnel tunnel() {
    return Objects.requireNonNull(tunnel, "tunnel");
  }

  /**
   * The exchanges that are under way through the tunnel.
   *
   * @return what follows them
   */
  public RunningRelays relays() {
    return relays;
  }

  /**
   * Whose tunnel it is.
   *
   * @return the agent's id
   */
  public String agentId() {
    return agent.agentId();
  }

  AdmittedAgent agent() {
    return agent;
  }

  AgentReport report() {
    return report;
  }

  AgentInfo info() {
    return new AgentInfo(agentId(), connectedSince, report.reachesApiServer());
  }

  /** Waits for the tunnel's own end, then cuts it off; returns when it is closed. */
  void awaitClosed(long nanos, Throwable cause) {
    try {
      if (!closed.await(nanos, TimeUnit.NANOSECONDS)) {
        tunnel().abort(cause);
        closed.await(CUT_OFF_SECONDS, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      tunnel().abort(cause);
      Thread.currentThread().interrupt();
    }
  }

  private final class FromTunnel implements HubTunnel.Listener {

    private boolean joined;

    @Override
    public void onOpen() {
      joined = true;
      settled.run();
      log.info("cluster {}: agent {} connected", agent.cluster(), agentId());
      registry.joined(Session.this);
    }

    @Override
    public void onAlive() {
      registry.seen(agent.cluster());
    }

    @Override
    public void onDraining() {
      log.info("cluster {}: agent {} is draining", agent.cluster(), agentId());
      registry.changed(agent.cluster());
    }

    @Override
    public void onReport(AgentReport news) {
      AgentReport former = report;
      report = news;
      if (former.reachesApiServer() != news.reachesApiServer()) {
        log.info(
            "cluster {}: agent {} {} its API server",
            agent.cluster(),
            agentId(),
            news.reachesApiServer() ? "reaches" : "does not reach");
      }
      registry.reported(agent.cluster(), news);
    }

    @Override
    public void onClosed(@Nullable Throwable cause) {
      settled.run();
      Time.Scheduled timer = expiry;
      if (timer != null) {
        timer.cancel();
      }
      log.info(
          "cluster {}: agent {} disconnected: {}",
          agent.cluster(),
          agentId(),
          cause == null ? "in order" : cause.getMessage());
      registry.left(Session.this, joined);
      closed.countDown();
    }
  }
}
