package dev.fairlead.agent.upstream;

import dev.fairlead.api.Time;
import dev.fairlead.core.http.LinkMetrics;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A few HTTP/1.1 connections beside those of HTTP/2, for reads that are answered at once: API
 * servers answer large lists faster so, and what others do on a shared connection does not end
 * them.
 *
 * <p>A read that is taken back costs its connection. So nobody waits for one, and they are made no
 * faster than users' cancels may buy handshakes of an API server. On the event loop only.
 */
final class ShortReads implements Connector.Outcome {

  /** How many connections there may be. */
  private static final int MOST = 16;

  /** From one dial to the next. */
  private static final Duration PAUSE = Duration.ofMillis(100);

  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(5);
  private static final Logger log = LoggerFactory.getLogger(ShortReads.class);

  private final Connector connector;
  private final Time time;
  private final Http1Pool pool;
  private boolean connecting;
  private boolean drained;
  private long pauseUntil;

  ShortReads(Connector connector, EventLoop loop, Time time, LinkMetrics metrics) {
    this.connector = connector;
    this.time = time;
    this.pool = new Http1Pool(loop, time, metrics, () -> {});
    this.pauseUntil = time.nanoTime();
  }

  /** Takes an idle connection, or null. */
  Http1Pool.@Nullable Lease poll() {
    return pool.poll();
  }

  /** Dials once more, if it is time and there is room, for reads to come. */
  void grow() {
    boolean mayDial = !connecting && !drained && pool.size() < MOST;
    if (mayDial && time.nanoTime() - pauseUntil >= 0) {
      connecting = true;
      pause(PAUSE);
      connector.connect(false, this);
    }
  }

  private void pause(Duration pause) {
    pauseUntil = time.nanoTime() + pause.toNanos();
  }

  @Override
  public void connected(Channel channel, boolean http2) {
    connecting = false;
    if (drained) {
      channel.close();
    } else {
      pool.add(channel);
    }
  }

  @Override
  public void failed(String reason, Throwable cause) {
    log.debug("API server: no further connection: {}", reason, cause);
    connecting = false;
    pause(PAUSE_AFTER_FAILURE);
  }

  /** Ends what is under way, too: the API server is silent, and HTTP/1.1 alone cannot tell. */
  void drop() {
    pool.closeAll();
  }

  /** Lets what is under way end, and begins nothing further. */
  void drain() {
    drained = true;
    pool.drain();
  }
}
