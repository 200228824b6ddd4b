package dev.fairlead.gateway;

import dev.fairlead.api.Time;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * TLS handshakes under way. None takes longer than ten seconds; when there are too many, the oldest
 * gives way, so that a flood of connections that say nothing keeps nobody out who does. Safe for
 * use by any thread.
 */
final class Handshakes {

  static final Duration LONGEST = Duration.ofSeconds(10);

  private final Time time;
  private final int most;
  private final Set<Channel> underWay = new LinkedHashSet<>();

  Handshakes(Time time, int most) {
    this.time = time;
    this.most = most;
  }

  /** Follows a connection, which has the handler, until its handshake is over, however it ends. */
  void begin(Channel channel, SslHandler tls, DoorMetrics metrics) {
    long begun = time.nanoTime();
    Channel oldest = add(channel);
    if (oldest != null) {
      metrics.gaveWay();
      oldest.close();
    }
    Time.Scheduled timer =
        time.schedule(
            LONGEST,
            () -> {
              if (remove(channel)) {
                metrics.late();
              }
              channel.close();
            });
    tls.handshakeFuture()
        .addListener(
            over -> {
              timer.cancel();
              boolean ended = remove(channel);
              if (over.isSuccess()) {
                metrics.handshake(time.nanoTime() - begun);
              } else if (ended) {
                metrics.failed();
              }
            });
  }

  private synchronized @Nullable Channel add(Channel channel) {
    underWay.add(channel);
    if (underWay.size() <= most) {
      return null;
    }
    Iterator<Channel> oldestFirst = underWay.iterator();
    Channel oldest = oldestFirst.next();
    oldestFirst.remove();
    return oldest;
  }

  private synchronized boolean remove(Channel channel) {
    return underWay.remove(channel);
  }

  synchronized int underWay() {
    return underWay.size();
  }
}
