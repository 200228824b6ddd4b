package dev.fairlead.core.http;

import dev.fairlead.api.Time;
import dev.fairlead.api.TransportException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Looks for signs of life of a link's peer at regular intervals, asks with a PING when there was
 * none, and closes the link after {@link LinkSettings#MISSED} looks in vain. It counts looks rather
 * than measuring time, so that a pause of this very process does not look like the peer's death.
 */
final class Liveness {

  static final long DRAIN_PING = 0x6472_6169_6e00_0000L;
  private static final long ALIVE_PING = 0x616c_6976_6500_0000L;

  private final Time time;
  private final Duration interval;
  private Time.@Nullable Scheduled next;
  private boolean sawPeer;
  private boolean stopped;
  private int missed;

  Liveness(Time time, Duration interval) {
    this.time = time;
    this.interval = interval;
  }

  void start(Http2Link link, LinkListener listener) {
    if (!interval.isZero()) {
      scheduleNext(link, listener);
    }
  }

  private void scheduleNext(Http2Link link, LinkListener listener) {
    next = time.schedule(interval, () -> link.runInLoop(() -> look(link, listener)));
  }

  private void look(Http2Link link, LinkListener listener) {
    if (stopped) {
      return;
    }
    if (sawPeer) {
      sawPeer = false;
      missed = 0;
      listener.onAlive();
    } else if (++missed >= LinkSettings.MISSED) {
      link.abort(
          new TransportException(
              "peer: silent for "
                  + interval.multipliedBy(missed).toSeconds()
                  + " s (expected: an answer to each PING)"));
      return;
    } else {
      link.encoder().writePing(link.context(), false, ALIVE_PING, link.context().newPromise());
      link.flushSoon();
    }
    scheduleNext(link, listener);
  }

  void sawPeer() {
    sawPeer = true;
  }

  void stop() {
    stopped = true;
    if (next != null) {
      next.cancel();
    }
  }
}
