package dev.fairlead.transport.websocket;

import dev.fairlead.api.Time;
import dev.fairlead.api.TransportException;
import dev.fairlead.api.transport.HubEndpoint;
import dev.fairlead.api.transport.HubTransport;
import dev.fairlead.core.pipe.SharesEventLoops;
import dev.fairlead.core.time.SystemTime;
import dev.fairlead.core.tls.Newcomers;
import io.netty.channel.EventLoopGroup;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The hub's end: a port of the agents' own. */
final class WebSocketHubTransport implements HubTransport, SharesEventLoops {

  /** What a started transport runs. */
  private record Running(Loops loops, Listener listener, HubPaths paths) {}

  private final HostPort intended;
  private final boolean behindLoadBalancer;
  private final int mostNewcomers;
  private final Time time;
  private final @Nullable SystemTime ownedTime;
  private final ReentrantLock lifecycle = new ReentrantLock();

  // Written under lifecycle.
  private volatile @Nullable Running running;
  private boolean closed;
  private @Nullable EventLoopGroup lent;

  WebSocketHubTransport(HostPort intended, boolean behindLoadBalancer, @Nullable Time time) {
    this(intended, behindLoadBalancer, time, Newcomers.MOST_OF_AGENTS);
  }

  WebSocketHubTransport(
      HostPort intended, boolean behindLoadBalancer, @Nullable Time time, int mostNewcomers) {
    this.mostNewcomers = mostNewcomers;
    this.behindLoadBalancer = behindLoadBalancer;
    this.intended = intended;
    this.ownedTime = time == null ? new SystemTime() : null;
    this.time = time == null ? Objects.requireNonNull(ownedTime) : time;
  }

  @Override
  public void runOn(EventLoopGroup loops) {
    lifecycle.lock();
    try {
      lent = loops;
    } finally {
      lifecycle.unlock();
    }
  }

  @Override
  public void start(HubEndpoint endpoint) {
    Objects.requireNonNull(endpoint, "endpoint");
    lifecycle.lock();
    try {
      if (closed) {
        throw new IllegalStateException("the hub transport was closed before");
      }
      if (running != null) {
        throw new IllegalStateException("the hub transport was started before");
      }
      Loops loops =
          Loops.of(
              lent,
              "fairlead-websocket-hub",
              Math.max(2, Runtime.getRuntime().availableProcessors()));
      HubPaths paths = new HubPaths(endpoint, behindLoadBalancer, time);
      try {
        running =
            new Running(
                loops, Listener.open(intended, endpoint, loops, paths, time, mostNewcomers), paths);
      } catch (TransportException failure) {
        paths.close();
        loops.close();
        throw failure;
      }
    } finally {
      lifecycle.unlock();
    }
  }

  @Override
  public String address() {
    Running now = running;
    return now == null ? intended.toString() : now.listener().address();
  }

  @Override
  public void close() {
    Running stopping;
    lifecycle.lock();
    try {
      closed = true;
      stopping = running;
    } finally {
      lifecycle.unlock();
    }
    if (stopping != null) {
      // In this order agents learn why: no new connections, then each pipe's Close, then the rest.
      stopping.listener().close();
      stopping.paths().close();
      stopping.loops().close();
    }
    if (ownedTime != null) {
      ownedTime.close();
    }
  }
}
