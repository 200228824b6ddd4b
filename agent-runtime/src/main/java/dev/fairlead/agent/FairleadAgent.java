package dev.fairlead.agent;

import dev.fairlead.agent.exchange.Exchanges;
import dev.fairlead.agent.upstream.Upstream;
import dev.fairlead.api.Agent;
import dev.fairlead.api.FairleadException;
import dev.fairlead.api.Time;
import dev.fairlead.api.TimeoutException;
import dev.fairlead.api.metrics.FairleadMetrics;
import dev.fairlead.core.http.LinkMetrics;
import dev.fairlead.core.pipe.SharesEventLoops;
import dev.fairlead.core.pipe.Sockets;
import dev.fairlead.core.time.SystemTime;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An agent over Netty. It owns its transport, and the threads it was not given; {@link #close}
 * stops and closes them.
 */
public final class FairleadAgent implements Agent {

  private static final Logger log = LoggerFactory.getLogger(FairleadAgent.class);
  private static final int STOP_SECONDS = 5;
  private static final int GONE_SECONDS = 20;

  private final AgentPlan plan;
  private volatile Duration streamDrain = Duration.ZERO;
  private final @Nullable SystemTime ownedTime;
  private final Time time;
  private final Progress progress = new Progress();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final AtomicReference<@Nullable Running> running = new AtomicReference<>();

  FairleadAgent(AgentPlan plan) {
    this.plan = plan;
    this.ownedTime = plan.time() == null ? new SystemTime() : null;
    this.time = plan.time() == null ? java.util.Objects.requireNonNull(ownedTime) : plan.time();
  }

  /** How long streams may go on after a close; before the agent is anybody's. */
  void giveStreams(Duration time) {
    streamDrain = time;
  }

  private dev.fairlead.core.drain.DrainTimes drainTimes() {
    return new dev.fairlead.core.drain.DrainTimes(plan.drain(), streamDrain);
  }

  /**
   * Begins to build an agent.
   *
   * @return a builder with nothing set
   */
  public static AgentBuilder builder() {
    return new AgentBuilder();
  }

  /** What exists from {@link #start} on. */
  private record Running(
      EventLoopGroup loops,
      EventLoop loop,
      boolean ownsLoops,
      ThreadPoolExecutor blocking,
      HubCredentials credentials,
      Tunnels tunnels,
      LinkMetrics tunnelMetrics,
      LinkMetrics upstreamMetrics,
      AtomicReference<@Nullable Upstream> upstream) {}

  @Override
  public void start() {
    if (!progress.begin()) {
      throw new IllegalStateException(
          "agent: " + state() + " (expected: NEW, as an agent is started once)");
    }
    Running parts = create();
    running.set(parts);
    try {
      parts.credentials().obtain();
      Upstream upstream =
          Upstream.open(
              plan.server(),
              parts.loop(),
              parts.blocking(),
              time,
              parts.upstreamMetrics(),
              parts.tunnels()::report);
      parts.upstream().set(upstream);
      requireOpen();
      parts.tunnels().begin(new Exchanges(plan.guard(), upstream, time));
      parts.credentials().keepFresh(parts.tunnels()::renew);
    } catch (RuntimeException e) {
      boolean wasClosed = state() == State.CLOSED;
      close();
      stop(parts);
      if (wasClosed && !(e instanceof IllegalStateException)) {
        log.debug("start failed as the agent was closed", e);
        throw Progress.closed();
      }
      throw e;
    }
  }

  private void requireOpen() {
    if (state() == State.CLOSED) {
      throw Progress.closed();
    }
  }

  private Running create() {
    EventLoopGroup given = plan.loops();
    EventLoopGroup loops =
        given != null ? given : Sockets.best().loops(1, Threads.daemons("fairlead-agent-loop"));
    // Tunnel and API server on the same one, as each hop to another costs a request a wake-up.
    EventLoop loop = loops.next();
    if (plan.transport() instanceof SharesEventLoops sharing) {
      sharing.runOn(loop);
    }
    ThreadPoolExecutor blocking = Threads.blocking();
    HubCredentials credentials = plan.credentials(blocking, time);
    LinkMetrics tunnelMetrics = LinkMetrics.of(plan.metrics(), LinkMetrics.Leg.TUNNEL);
    Tunnels tunnels =
        new Tunnels(
            plan.transport(),
            credentials,
            loop,
            time,
            plan.random(),
            progress,
            tunnelMetrics,
            plan.metrics().counter(FairleadMetrics.RECONNECTS),
            plan.rotateAfter());
    return new Running(
        loops,
        loop,
        given == null,
        blocking,
        credentials,
        tunnels,
        tunnelMetrics,
        LinkMetrics.of(plan.metrics(), LinkMetrics.Leg.UPSTREAM),
        new AtomicReference<>());
  }

  @Override
  public State state() {
    return progress.state();
  }

  @Override
  public void awaitConnected(Duration longest) throws InterruptedException {
    CompletableFuture<Void> connected = progress.whenConnected();
    Time.Scheduled deadline =
        time.schedule(
            longest,
            () ->
                connected.completeExceptionally(
                    new TimeoutException(
                        "agent: no tunnel within "
                            + longest.toMillis()
                            + " ms (expected: one; the last try ended so: "
                            + progress.lastFailure()
                            + ")")));
    try {
      connected.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof FairleadException known) {
        throw known;
      }
      throw new IllegalStateException("agent: closed (expected: an open one)", e.getCause());
    } finally {
      deadline.cancel();
      progress.forget(connected);
    }
  }

  @Override
  public void close() {
    if (progress.close()) {
      try {
        Running parts = running.get();
        if (parts != null) {
          parts.credentials().stop();
          awaitDrained(parts.tunnels().drain(drainTimes()));
        }
        plan.transport().close();
        if (parts != null) {
          stop(parts);
        }
        if (ownedTime != null) {
          ownedTime.close();
        }
        log.info("agent closed");
      } finally {
        closed.countDown();
      }
    } else {
      awaitClosed();
    }
  }

  /** The tunnels end themselves when their time is up; an interrupt ends the wait sooner. */
  private void awaitDrained(CompletableFuture<Void> drained) {
    try {
      drained.get(drainTimes().longest().toSeconds() + GONE_SECONDS, TimeUnit.SECONDS);
    } catch (java.util.concurrent.TimeoutException e) {
      // Event loops that were given may be gone before the agent.
      log.warn("agent: its tunnels did not end in time");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IllegalStateException("draining cannot fail", e);
    }
  }

  private void awaitClosed() {
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void stop(Running parts) {
    Upstream upstream = parts.upstream().get();
    if (upstream != null) {
      upstream.close();
    }
    parts.blocking().shutdownNow();
    parts.tunnelMetrics().close();
    parts.upstreamMetrics().close();
    if (parts.ownsLoops()) {
      parts
          .loops()
          .shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS)
          .awaitUninterruptibly(STOP_SECONDS, TimeUnit.SECONDS);
    }
  }

  @Override
  public String toString() {
    return "FairleadAgent[" + state() + ", " + plan.server() + "]";
  }
}
