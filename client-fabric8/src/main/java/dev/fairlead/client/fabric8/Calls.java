package dev.fairlead.client.fabric8;

import dev.fairlead.api.FairleadException;
import dev.fairlead.api.Identity;
import dev.fairlead.api.Time;
import dev.fairlead.core.http.HttpStream;
import dev.fairlead.core.hub.HubCluster;
import dev.fairlead.core.pipe.DaemonThreads;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import org.jspecify.annotations.Nullable;

/**
 * What a client has under way, and the threads that tell its user of it: never the hub's event
 * loops, as a user may block. Safe for use by any thread.
 */
final class Calls implements AutoCloseable {

  /** One call, to be ended from outside. */
  interface Call {
    /** Ends it before its time, and tells its user. */
    void abort(IOException why);
  }

  /** As many listeners may block at once, in a request of their own, say, without harm. */
  private static final int THREADS = 64;

  /** Each call has at most two tasks at a time. */
  private static final int WAITING = 8_192;

  private final HubCluster cluster;
  private final Identity identity;
  private final ThreadPoolExecutor threads =
      DaemonThreads.blocking("fairlead-fabric8", THREADS, WAITING);
  private final Set<Call> open = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  Calls(HubCluster cluster, Identity identity) {
    this.cluster = cluster;
    this.identity = identity;
  }

  /**
   * Opens a request of a call, which counts as under way until it {@link #over}.
   *
   * @throws IOException if client or hub are closed
   * @throws IllegalArgumentException if it is for another host, which no second try would change
   */
  HttpStream open(Call call, URI uri, Http2Headers head, boolean end) throws IOException {
    if (!cluster.name().value().equals(uri.getAuthority())) {
      throw new IllegalArgumentException(
          "host: " + uri.getAuthority() + " (expected: " + cluster.name() + ", the cluster)");
    }
    open.add(call);
    if (closed) {
      open.remove(call);
      throw closed();
    }
    try {
      return cluster.open(identity, head, end);
    } catch (FairleadException | IllegalStateException e) {
      open.remove(call);
      throw new IOException("cluster " + cluster.name() + ": " + e.getMessage(), e);
    }
  }

  void over(Call call) {
    open.remove(call);
  }

  /** How many calls are under way. */
  int underWay() {
    return open.size();
  }

  /** Runs what may block. Rejects when closed. */
  ThreadPoolExecutor threads() {
    return threads;
  }

  /** Tells the user of one call, one thing after the other. */
  Executor inTurn(Call call) {
    return new InTurn(threads, () -> call.abort(new IOException("client: closed, or too busy")));
  }

  /** Ends a call that got no answer in time; null or zero waits for ever. */
  Time.Scheduled unlessAnswered(@Nullable Duration within, Call call) {
    if (within == null || within.isZero() || within.isNegative()) {
      return () -> {};
    }
    return later(
        within,
        () ->
            call.abort(
                new SocketTimeoutException(
                    "cluster " + cluster.name() + ": no answer within " + within)));
  }

  /** Runs something after a while, unless the hub is closed by then. */
  Time.Scheduled later(Duration after, Runnable task) {
    try {
      return cluster.time().schedule(after, task);
    } catch (IllegalStateException closedHub) {
      return () -> {};
    }
  }

  IOException brokenOff(Object reason) {
    return new IOException("cluster " + cluster.name() + ": the exchange broke off: " + reason);
  }

  static IOException closed() {
    return new IOException("client: closed");
  }

  @Override
  public void close() {
    closed = true;
    open.forEach(call -> call.abort(closed()));
    threads.shutdown();
  }
}
