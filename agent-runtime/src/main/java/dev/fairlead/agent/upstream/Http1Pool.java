package dev.fairlead.agent.upstream;

import dev.fairlead.api.Time;
import dev.fairlead.core.http.Http1ClientConnection;
import dev.fairlead.core.http.LinkMetrics;
import dev.fairlead.core.http.LinkSettings;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** HTTP/1.1 connections that are kept alive between requests. On the event loop only. */
final class Http1Pool {

  /** How many connections there may be, busy ones included. */
  static final int MOST = 256;

  private static final Logger log = LoggerFactory.getLogger(Http1Pool.class);
  private static final int MOST_IDLE = 16;
  private static final Duration IDLE = Duration.ofSeconds(60);

  private final EventLoop loop;
  private final Time time;
  private final LinkMetrics metrics;
  private final Runnable onFree;
  private final Set<Lease> all = new HashSet<>();
  private final Deque<Lease> idle = new ArrayDeque<>();
  private boolean drained;

  /**
   * @param metrics what counts
   * @param onFree called when a connection became idle, or when there is room for a further one
   */
  Http1Pool(EventLoop loop, Time time, LinkMetrics metrics, Runnable onFree) {
    this.loop = loop;
    this.time = time;
    this.metrics = metrics;
    this.onFree = onFree;
  }

  int size() {
    return all.size();
  }

  void add(Channel channel) {
    Lease lease = new Lease(channel);
    all.add(lease);
    lease.offer();
  }

  /** Takes the idle connection that was used last, or null. */
  @Nullable Lease poll() {
    for (Lease lease; (lease = idle.poll()) != null; ) {
      lease.taken();
      if (lease.connection.isIdle()) {
        return lease;
      }
    }
    return null;
  }

  /** Closes what is idle, and what is busy when it becomes so. */
  void drain() {
    drained = true;
    for (Lease lease; (lease = idle.poll()) != null; ) {
      lease.taken();
      lease.connection.close();
    }
  }

  /** Closes all connections, busy ones, too. */
  void closeAll() {
    for (Lease lease : List.copyOf(all)) {
      lease.givenUp = true;
      lease.connection.close();
    }
  }

  /** One connection. */
  final class Lease implements Http1ClientConnection.Listener {

    private final Http1ClientConnection connection;
    private boolean kept;
    private boolean givenUp;
    private Time.@Nullable Scheduled expiry;

    private Lease(Channel channel) {
      connection = new Http1ClientConnection(LinkSettings.HTTP1_WINDOW, metrics, this);
      channel.pipeline().addLast(connection);
    }

    UpstreamExchange.Opener opener() {
      return connection::open;
    }

    /**
     * Whether the server, if the connection is lost, may have closed it before it saw the request:
     * it was kept until the request came, or served others before.
     */
    boolean mayHaveEndedBefore() {
      return kept && !givenUp;
    }

    private void taken() {
      if (expiry != null) {
        expiry.cancel();
      }
    }

    private void offer() {
      if (drained || idle.size() >= MOST_IDLE) {
        connection.close();
        return;
      }
      idle.push(this);
      expiry = time.schedule(IDLE, this::expired);
      onFree.run();
      kept |= idle.contains(this);
    }

    private void expired() {
      try {
        loop.execute(
            () -> {
              if (idle.remove(this)) {
                connection.close();
              }
            });
      } catch (RejectedExecutionException e) {
        log.debug("the event loop is stopped, and the connection with it");
      }
    }

    @Override
    public void onIdle() {
      kept = true;
      offer();
    }

    @Override
    public void onClosed() {
      all.remove(this);
      taken();
      idle.remove(this);
      onFree.run();
    }
  }
}
