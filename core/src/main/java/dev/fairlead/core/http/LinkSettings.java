package dev.fairlead.core.http;

import java.time.Duration;

/**
 * The bounds of an {@link Http2Link}.
 *
 * @param maxStreams how many streams may be open at once
 * @param streamWindow how many received bytes of a stream may be waiting, in bytes
 * @param maxHeaderList how large a list of header fields may be, in bytes as RFC 9113 section 6.5.2
 *     counts them
 * @param liveness how often to look for signs of life; after {@link #MISSED} looks without one the
 *     link is closed. Zero: never
 * @param trusted whether the peer is one of our own: then resets are not counted as an attack, and
 *     pseudo-header fields of our own are let through
 */
public record LinkSettings(
    int maxStreams, int streamWindow, int maxHeaderList, Duration liveness, boolean trusted) {

  /** After how many looks in a row without a sign of life a link is closed. */
  public static final int MISSED = 3;

  /**
   * How often to look for signs of life unless told otherwise: a silent peer is found within 12 s.
   */
  public static final Duration LIVENESS = Duration.ofSeconds(3);

  /** Between a hub and its agent. */
  public static final LinkSettings TUNNEL =
      new LinkSettings(1_000, 256 * 1024, 256 * 1024, LIVENESS, true);

  /** Between an agent and its API server. */
  public static final LinkSettings UPSTREAM =
      new LinkSettings(1_000, 256 * 1024, 256 * 1024, LIVENESS, false);

  /** Between a user and the front door. */
  public static final LinkSettings FRONT_DOOR =
      new LinkSettings(250, 256 * 1024, 64 * 1024, Duration.ZERO, false);

  /**
   * The same with other liveness.
   *
   * @param interval how often to look
   * @return new settings
   */
  public LinkSettings withLiveness(Duration interval) {
    return new LinkSettings(maxStreams, streamWindow, maxHeaderList, interval, trusted);
  }

  /**
   * The same with another cap on streams.
   *
   * @param most how many streams may be open at once
   * @return new settings
   */
  public LinkSettings withMaxStreams(int most) {
    return new LinkSettings(most, streamWindow, maxHeaderList, liveness, trusted);
  }
}
