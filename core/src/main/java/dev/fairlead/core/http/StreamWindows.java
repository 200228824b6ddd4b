package dev.fairlead.core.http;

import dev.fairlead.api.Time;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2LocalFlowController;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.ArrayList;
import java.util.List;

/**
 * Sizes the receive windows of a link's streams: each as its own user consumes, none by what others
 * do. On the event loop only.
 *
 * <p>While bytes are given back, the link measures in rounds. A round begins with a PING, and ends
 * when that was answered and {@link #SHORTEST_ROUND} has passed. A stream whose bytes were given
 * back at a rate of r then gets a window of 3 · r · round trip. A window is refilled when half of
 * it was used, so a stream that only its window holds up uses at least half of it in a round trip,
 * and gets a half or more on top each round, while one that its link or its user holds up stays
 * where it is. A window shrinks by half a round when it is more than twice too large; what was
 * granted cannot be taken back, but is not granted again.
 *
 * <p>The round trip is the least that was seen since some window has grown: what is seen under load
 * contains the queue that a large window makes, and would make it larger still.
 *
 * <p>What cannot be taken back is set aside until it was used: the sum of all that peers may send,
 * and of all that waits, stays within the settings' memory at every moment. No stream gets more
 * than half of what others left to grow by.
 */
final class StreamWindows {

  static final long PING = 0x7769_6e64_6f77_0000L;

  /** Short enough to grow within a moment, long enough not to see single chunks as a rate. */
  static final long SHORTEST_ROUND = 10_000_000;

  /** What two processes need to answer each other, be they ever so close. */
  private static final long SHORTEST_ROUND_TRIP = 250_000;

  private static final int ROUND_TRIPS = 3;

  private static final long LARGEST_CONNECTION_WINDOW = 1 << 30;

  private static final int LEAST_STEP = 4_096;

  /** What is known of one stream. */
  static final class Share {
    private long consumed;
    private long beyondFirst;
    private boolean watched;
  }

  private final Http2Link link;
  private final LinkSettings settings;
  private final Time time;
  private final LinkMetrics metrics;
  private final boolean grows;
  private final long room;
  private final List<Http2LinkStream> watched = new ArrayList<>();
  private long beyondFirst;
  private long unsent;
  private boolean measuring;
  private boolean answered;
  private long roundBegan;
  private long roundTripSeen;
  private long roundTrip;

  StreamWindows(Http2Link link, LinkSettings settings, Time time, LinkMetrics metrics) {
    this.link = link;
    this.settings = settings;
    this.time = time;
    this.metrics = metrics;
    this.grows = settings.largestWindow() > settings.streamWindow();
    this.room = settings.memory() - (long) settings.maxStreams() * settings.streamWindow();
  }

  /** Whether what so many streams may bring, and what waits to be sent, fits. */
  boolean haveRoomFor(int streams) {
    long inbound = (long) streams * settings.streamWindow() + beyondFirst;
    return inbound + unsent <= settings.memory();
  }

  void willSend(int bytes) {
    unsent += bytes;
    metrics.buffered(bytes);
  }

  void sent(int bytes, boolean left) {
    unsent -= bytes;
    metrics.left(bytes, left);
  }

  /**
   * Makes the window of the connection so large that it never holds up anybody: the windows of the
   * streams bound it. RFC 9113 section 6.9.2 begins with 65,535 bytes, whatever the settings say.
   */
  void open() {
    Http2Stream connection = link.connection().connectionStream();
    long wanted = Math.min(2 * settings.memory(), LARGEST_CONNECTION_WINDOW);
    guarded(
        () ->
            flow()
                .incrementWindowSize(
                    connection, (int) Math.max(0, wanted - flow().initialWindowSize(connection))));
    link.flushSoon();
  }

  /** Gives received bytes back to a stream's window. */
  void consumed(Http2LinkStream stream, Http2Stream codec, int bytes) {
    guarded(() -> consume(stream, codec, bytes));
  }

  private void consume(Http2LinkStream stream, Http2Stream codec, int bytes) throws Http2Exception {
    if (!grows) {
      if (flow().consumeBytes(codec, bytes)) {
        link.flushSoon();
      }
      return;
    }
    if (measuring && answered) {
      endRoundIfDue();
    }
    Share share = stream.share();
    share.consumed += bytes;
    if (flow().consumeBytes(codec, bytes)) {
      if (!share.watched) {
        share.watched = true;
        share.consumed = 0;
        watched.add(stream);
      }
      if (!measuring) {
        beginRound();
      }
      link.flushSoon();
    }
  }

  /** A stream is over: what was set aside for it is free. */
  void closed(Http2LinkStream stream) {
    Share share = stream.share();
    if (share.watched) {
      watched.remove(stream);
      share.watched = false;
    }
    setAside(share, 0);
  }

  private void beginRound() {
    measuring = true;
    answered = false;
    watched.forEach(stream -> stream.share().consumed = 0);
    roundBegan = time.nanoTime();
    link.encoder().writePing(link.context(), false, PING, link.context().newPromise());
    link.flushSoon();
  }

  void pingAnswered() {
    if (measuring && !answered) {
      answered = true;
      roundTripSeen = time.nanoTime() - roundBegan;
      metrics.roundTrip(roundTripSeen);
      guarded(this::endRoundIfDue);
    }
  }

  private void endRoundIfDue() throws Http2Exception {
    long lasted = time.nanoTime() - roundBegan;
    if (lasted < SHORTEST_ROUND) {
      return;
    }
    measuring = false;
    roundTrip = beyondFirst > 0 ? Math.min(roundTrip, roundTripSeen) : roundTripSeen;
    double roundTrips = (double) Math.max(roundTrip, SHORTEST_ROUND_TRIP) / lasted;
    boolean flows = false;
    List<Http2LinkStream> all = List.copyOf(watched);
    watched.clear();
    for (Http2LinkStream stream : all) {
      Share share = stream.share();
      adjust(stream, share, (long) (ROUND_TRIPS * share.consumed * roundTrips));
      flows |= share.consumed > 0;
      share.watched = share.consumed > 0 || share.beyondFirst > 0;
      share.consumed = 0;
      if (share.watched) {
        watched.add(stream);
      }
    }
    if (flows) {
      beginRound();
    }
  }

  private void adjust(Http2LinkStream stream, Share share, long wanted) throws Http2Exception {
    Http2Stream codec = stream.codec();
    if (codec == null) {
      return;
    }
    int window = flow().initialWindowSize(codec);
    int next = window;
    if (wanted > window) {
      long most = Math.min(Math.min(wanted, 2L * window), settings.largestWindow());
      long left = Math.max(0, room - beyondFirst - share.beyondFirst) / 2;
      long step = Math.min(most - window, left);
      next = step < LEAST_STEP ? window : (int) (window + step);
      if (step < most - window) {
        metrics.windowCapped();
      }
    } else if (wanted < window / 2) {
      next = Math.max(window / 2, Math.min(window, settings.streamWindow()));
    }
    if (next != window) {
      flow().incrementWindowSize(codec, next - window);
      link.flushSoon();
    }
    int mayHold = Math.max(next, flow().windowSize(codec) + flow().unconsumedBytes(codec));
    setAside(share, Math.max(0, (long) mayHold - settings.streamWindow()));
  }

  private void setAside(Share share, long beyond) {
    long by = beyond - share.beyondFirst;
    share.beyondFirst = beyond;
    beyondFirst += by;
    metrics.windowsChanged(by);
  }

  /** A step that changes windows. */
  private interface Step {
    void run() throws Http2Exception;
  }

  private void guarded(Step step) {
    try {
      step.run();
    } catch (Http2Exception e) {
      link.onError(link.context(), true, e);
    }
  }

  private Http2LocalFlowController flow() {
    return link.connection().local().flowController();
  }
}
