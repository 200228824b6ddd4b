package dev.fairlead.core.http;

import dev.fairlead.api.InvalidException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The bounds of an {@link Http2Link}.
 *
 * <p>Windows: each stream begins with {@code streamWindow}. A stream whose bytes are given back
 * quickly gets a larger one, as large as the link carries for it in three round trips, up to {@code
 * largestWindow}; when it slows down, so does its window. A stream that is never read holds {@code
 * streamWindow} and no more. What all windows of a link add up to never exceeds {@code memory}, and
 * with it what a peer can make this side hold, whatever it does; as much as {@code maxStreams}
 * streams begin with is set aside, the rest is what windows grow by.
 *
 * @param maxStreams how many streams may be open at once; at least 1
 * @param streamWindow how many received bytes of a stream may be waiting at first, and if it is not
 *     read, in bytes; 1,024 to 2^30
 * @param largestWindow how many received bytes of a stream may be waiting at most, in bytes; {@code
 *     streamWindow} to 2^30
 * @param memory how many received bytes may be waiting in all streams together, in bytes; at least
 *     {@code maxStreams} times {@code streamWindow}. Bytes that wait to be sent count, too, when a
 *     further stream is to be opened
 * @param maxHeaderList how large a list of header fields may be, in bytes as RFC 9113 section 6.5.2
 *     counts them; at least 1,024
 * @param liveness how often to look for signs of life; after {@link #MISSED} looks without one the
 *     link is closed. Zero: never
 * @param trusted whether the peer is one of our own: then resets are not counted as an attack, and
 *     pseudo-header fields of our own are let through
 */
public record LinkSettings(
    int maxStreams,
    int streamWindow,
    int largestWindow,
    long memory,
    int maxHeaderList,
    Duration liveness,
    boolean trusted) {

  /** After how many looks in a row without a sign of life a link is closed. */
  public static final int MISSED = 3;

  /**
   * How often to look for signs of life unless told otherwise: a silent peer is found within 12 s.
   */
  public static final Duration LIVENESS = Duration.ofSeconds(3);

  private static final int KIB = 1_024;

  /** How many received bytes may be waiting on a connection that has no windows, as HTTP/1.1. */
  public static final int HTTP1_WINDOW = 256 * KIB;

  private static final int MIB = KIB * KIB;
  private static final int LARGEST = 1 << 30;

  /** Between a hub and its agent. */
  public static final LinkSettings TUNNEL =
      new LinkSettings(1_024, 64 * KIB, 16 * MIB, 128L * MIB, 256 * KIB, LIVENESS, true);

  /** Between an agent and its API server. */
  public static final LinkSettings UPSTREAM =
      new LinkSettings(1_024, 64 * KIB, 16 * MIB, 128L * MIB, 256 * KIB, LIVENESS, false);

  /** Between a user and the front door. */
  public static final LinkSettings FRONT_DOOR =
      new LinkSettings(250, 256 * KIB, 4 * MIB, 96L * MIB, 64 * KIB, Duration.ZERO, false);

  /**
   * Checks the parts.
   *
   * @throws InvalidException if one is out of range; the message lists every mistake
   */
  public LinkSettings {
    List<String> mistakes = new ArrayList<>();
    if (maxStreams < 1) {
      mistakes.add("maxStreams: " + maxStreams + " (expected: at least 1)");
    }
    if (streamWindow < KIB || streamWindow > LARGEST) {
      mistakes.add("streamWindow: " + streamWindow + " (expected: 1024 to 2^30 bytes)");
    }
    if (largestWindow < streamWindow || largestWindow > LARGEST) {
      mistakes.add("largestWindow: " + largestWindow + " (expected: streamWindow to 2^30 bytes)");
    }
    if (memory < (long) maxStreams * streamWindow) {
      mistakes.add(
          "memory: " + memory + " (expected: at least maxStreams times streamWindow bytes)");
    }
    if (maxHeaderList < KIB) {
      mistakes.add("maxHeaderList: " + maxHeaderList + " (expected: at least 1024 bytes)");
    }
    if (liveness.isNegative()) {
      mistakes.add("liveness: " + liveness + " (expected: zero or more)");
    }
    if (!mistakes.isEmpty()) {
      throw new InvalidException("link: " + String.join("; ", mistakes));
    }
  }

  /**
   * The same with other liveness.
   *
   * @param interval how often to look
   * @return new settings
   */
  public LinkSettings withLiveness(Duration interval) {
    return new LinkSettings(
        maxStreams, streamWindow, largestWindow, memory, maxHeaderList, interval, trusted);
  }

  /**
   * The same with another cap on streams.
   *
   * @param most how many streams may be open at once
   * @return new settings
   */
  public LinkSettings withMaxStreams(int most) {
    return new LinkSettings(
        most, streamWindow, largestWindow, memory, maxHeaderList, liveness, trusted);
  }

  /**
   * The same with other windows.
   *
   * @param first how many received bytes of a stream may be waiting at first
   * @param largest how many may be waiting if it is read quickly; {@code first} for windows that do
   *     not grow
   * @return new settings
   */
  public LinkSettings withWindows(int first, int largest) {
    return new LinkSettings(maxStreams, first, largest, memory, maxHeaderList, liveness, trusted);
  }

  /**
   * The same with another cap on memory.
   *
   * @param bytes how many received bytes may be waiting in all streams together
   * @return new settings
   */
  public LinkSettings withMemory(long bytes) {
    return new LinkSettings(
        maxStreams, streamWindow, largestWindow, bytes, maxHeaderList, liveness, trusted);
  }
}
