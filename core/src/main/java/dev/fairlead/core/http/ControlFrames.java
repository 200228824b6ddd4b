package dev.fairlead.core.http;

import dev.fairlead.api.Time;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import java.time.Duration;

/**
 * Counts the frames of a peer that ask for an answer and bring nothing: pings and settings (RFC
 * 9113 section 10.5). Whoever sends too many of them takes the event loop from others. Used on the
 * link's event loop only.
 */
final class ControlFrames {

  /** Clients ping some times a minute; those that measure a link, once for each round trip. */
  static final int MOST = 1_000;

  static final Duration WITHIN = Duration.ofSeconds(10);

  private final Time time;
  private final boolean trusted;
  private long since;
  private int count;

  ControlFrames(Time time, boolean trusted) {
    this.time = time;
    this.trusted = trusted;
    this.since = time.nanoTime();
  }

  /**
   * One more has arrived.
   *
   * @throws Http2Exception if there were too many of them, which is to end the connection
   */
  void arrived() throws Http2Exception {
    if (trusted || ++count <= MOST) {
      return;
    }
    long now = time.nanoTime();
    if (now - since < WITHIN.toNanos()) {
      throw Http2Exception.connectionError(
          Http2Error.ENHANCE_YOUR_CALM, "more than %d pings and settings in %s", MOST, WITHIN);
    }
    since = now;
    count = 1;
  }
}
