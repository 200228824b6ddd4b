package dev.fairlead.core.http;

import dev.fairlead.api.LimitException;
import dev.fairlead.api.Time;
import dev.fairlead.api.TransportException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2LocalFlowController;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An HTTP/2 connection (RFC 9113) as a channel handler: it opens streams as client, or takes them
 * as server.
 *
 * <p>The connection's window is refilled as soon as bytes arrive, so that a stalled stream holds up
 * its own window and nothing else. Streams that are read quickly get larger windows; memory is
 * bounded as {@link LinkSettings} says.
 */
public final class Http2Link extends Http2ConnectionHandler {

  private static final Logger log = LoggerFactory.getLogger(Http2Link.class);

  private static final int LONGEST_FAREWELL = 64;

  final Http2Connection.PropertyKey streamKey;
  private final LinkSettings settings;
  private final LinkListener listener;
  private final Liveness liveness;
  private final StreamWindows windows;
  private final LinkMetrics metrics;
  private final TakenBack takenBack;
  private final Stalls stalls;
  private @Nullable ChannelHandlerContext ctx;
  private @Nullable Throwable failure;
  private boolean open;
  private boolean draining;
  private boolean closed;
  private boolean flushScheduled;
  private int drainPings;
  private volatile int activeStreams;
  private volatile boolean takesStreams;

  private Http2Link(
      Http2ConnectionDecoder decoder,
      Http2ConnectionEncoder encoder,
      Http2Settings initialSettings,
      LinkSettings settings,
      Time time,
      LinkMetrics metrics,
      LinkListener listener) {
    super(decoder, encoder, initialSettings);
    this.settings = settings;
    this.listener = listener;
    this.streamKey = connection().newKey();
    this.liveness = new Liveness(time, settings.liveness());
    this.metrics = metrics;
    this.windows = new StreamWindows(this, settings, time, metrics);
    this.stalls = new Stalls(this, metrics);
    this.takenBack = new TakenBack(time);
  }

  /**
   * The side that opens streams.
   *
   * @param settings its bounds
   * @param time when to look for signs of life
   * @param listener gets the link's events
   * @return a handler for one channel
   */
  public static Http2Link client(LinkSettings settings, Time time, LinkListener listener) {
    return client(settings, time, LinkMetrics.none(), listener);
  }

  /**
   * The side that opens streams.
   *
   * @param settings its bounds
   * @param time when to look for signs of life
   * @param metrics what counts
   * @param listener gets the link's events
   * @return a handler for one channel
   */
  public static Http2Link client(
      LinkSettings settings, Time time, LinkMetrics metrics, LinkListener listener) {
    return create(
        false,
        settings,
        time,
        metrics,
        listener,
        (stream, head, end) -> stream.reset(Reset.REFUSED));
  }

  /**
   * The side that takes streams.
   *
   * @param settings its bounds
   * @param time when to look for signs of life
   * @param listener gets the link's events
   * @param acceptor gets each request
   * @return a handler for one channel
   */
  public static Http2Link server(
      LinkSettings settings, Time time, LinkListener listener, Acceptor acceptor) {
    return server(settings, time, LinkMetrics.none(), listener, acceptor);
  }

  /**
   * The side that takes streams.
   *
   * @param settings its bounds
   * @param time when to look for signs of life
   * @param metrics what counts
   * @param listener gets the link's events
   * @param acceptor gets each request
   * @return a handler for one channel
   */
  public static Http2Link server(
      LinkSettings settings,
      Time time,
      LinkMetrics metrics,
      LinkListener listener,
      Acceptor acceptor) {
    return create(true, settings, time, metrics, listener, acceptor);
  }

  private static Http2Link create(
      boolean server,
      LinkSettings settings,
      Time time,
      LinkMetrics metrics,
      LinkListener listener,
      Acceptor acceptor) {
    Http2Connection connection = new DefaultHttp2Connection(server);
    connection
        .local()
        .flowController(
            new DefaultHttp2LocalFlowController(
                connection, DefaultHttp2LocalFlowController.DEFAULT_WINDOW_UPDATE_RATIO, true));
    LinkFrames frames = new LinkFrames(acceptor, settings, metrics, time);
    Http2Link link =
        new Http2LinkBuilder(
                connection,
                settings,
                frames,
                (decoder, encoder, initial) ->
                    new Http2Link(decoder, encoder, initial, settings, time, metrics, listener))
            .build();
    frames.attach(link);
    connection.addListener(frames.streams());
    return link;
  }

  /**
   * Opens a stream. Client side, on the event loop.
   *
   * @param head the request's head
   * @param end whether the request ends with it
   * @param streamListener gets the response
   * @return the stream
   * @throws LimitException if as many streams are open as the peer or the settings allow, or as
   *     many bytes are waiting
   * @throws TransportException if the link takes no streams any more
   */
  public HttpStream open(Http2Headers head, boolean end, HttpStream.Listener streamListener) {
    if (!takesStreams()) {
      throw new TransportException("connection: closing or closed (expected: open)");
    }
    int cap = Math.min(settings.maxStreams(), connection().local().maxActiveStreams());
    if (connection().local().numActiveStreams() >= cap) {
      throw new LimitException("streams: " + cap + " are open (expected: fewer, it is the cap)");
    }
    if (!windows.haveRoomFor(activeStreams + 1)) {
      throw new LimitException(
          "memory: "
              + settings.memory()
              + " bytes are waiting or promised (expected: fewer, it is the cap)");
    }
    int id = connection().local().incrementAndGetNextStreamId();
    if (id <= 0) {
      drain();
      throw new TransportException("stream ids: used up (expected: a connection that is replaced)");
    }
    Http2LinkStream stream = new Http2LinkStream(this, id);
    stream.listen(streamListener);
    stream.sendHead(head, end);
    return stream;
  }

  /**
   * Whether streams can be opened. Any thread; it may change at once.
   *
   * @return true between the peer's settings and the beginning of its end
   */
  public boolean takesStreams() {
    return takesStreams;
  }

  /**
   * Whether the peer has sent a GOAWAY. On the event loop.
   *
   * @return true from then on, also when the connection is gone
   */
  public boolean isEndedByPeer() {
    return connection().goAwayReceived();
  }

  /**
   * How many streams are open. Any thread.
   *
   * @return the number
   */
  public int activeStreams() {
    return activeStreams;
  }

  /**
   * Where everything of this link runs.
   *
   * @return the channel's event loop
   */
  public EventExecutor executor() {
    return context().executor();
  }

  /**
   * Takes no further streams and closes when those under way are over. Any thread, more than once.
   */
  public void drain() {
    drain("");
  }

  /**
   * Takes no further streams and closes when those under way are over. Any thread, more than once.
   *
   * @param word tells the peer why, at most 64 characters of ASCII; perhaps empty
   */
  public void drain(String word) {
    runInLoop(
        () -> {
          if (draining || closed) {
            return;
          }
          draining = true;
          takesStreams = false;
          goAway(
              context(),
              Integer.MAX_VALUE,
              Http2Error.NO_ERROR.code(),
              Unpooled.copiedBuffer(word, StandardCharsets.US_ASCII),
              context().newPromise());
          // The answer to this ping tells that the peer has seen the GOAWAY, so that no stream is
          // still on its way.
          drainPings++;
          encoder().writePing(context(), false, Liveness.DRAIN_PING, context().newPromise());
          flush(context());
        });
  }

  /**
   * Closes the connection at once. Any thread, more than once.
   *
   * @param cause why; the listener and all streams get it
   */
  public void abort(Throwable cause) {
    runInLoop(
        () -> {
          if (!closed) {
            failure = failure == null ? cause : failure;
            context().close();
          }
        });
  }

  // Below: package-private for the frames and streams; on the event loop.

  ChannelHandlerContext context() {
    ChannelHandlerContext present = ctx;
    if (present == null) {
      throw new IllegalStateException(
          "link: not in a pipeline (expected: add it to a channel first)");
    }
    return present;
  }

  void runInLoop(Runnable task) {
    EventExecutor loop = executor();
    if (loop.inEventLoop()) {
      task.run();
    } else {
      loop.execute(task);
    }
  }

  StreamWindows windows() {
    return windows;
  }

  Stalls stalls() {
    return stalls;
  }

  /** Flushes once at the end of this turn of the event loop, however many streams wrote in it. */
  void flushSoon() {
    if (!flushScheduled) {
      flushScheduled = true;
      executor()
          .execute(
              () -> {
                flushScheduled = false;
                flush(context());
                stalls.look();
              });
    }
  }

  /** Refuses a stream of which not even the head is passed on. */
  void refuse(int id, Reset reason) {
    resetStream(context(), id, reason.code(), context().newPromise());
    flushSoon();
  }

  /** Whether this end is the one that opens streams. */
  boolean opensStreams() {
    return !connection().isServer();
  }

  /** A request was reset before its answer had ended; see {@link TakenBack}. */
  void tookBack() {
    if (settings.trusted() || !takesStreams) {
      return;
    }
    switch (takenBack.oneMore()) {
      case FEW -> {}
      case MANY -> listener.onWorn();
      case TOO_MANY -> {
        log.debug("link: no further streams, as many were taken back");
        takesStreams = false;
        listener.onDraining();
        drain();
      }
    }
  }

  void settingsArrived() {
    if (!open) {
      open = true;
      takesStreams = !draining;
      windows.open();
      metrics.linkOpened();
      listener.onOpen();
    }
  }

  /** What the peer did not process can be sent again elsewhere. */
  void refusedAbove(int lastId) {
    takesStreams = false;
    try {
      connection()
          .forEachActiveStream(
              stream -> {
                Http2LinkStream ours = streamOf(stream);
                if (ours != null
                    && stream.id() > lastId
                    && connection().local().isValidStreamId(stream.id())) {
                  ours.receivedReset(Reset.REFUSED);
                }
                return true;
              });
    } catch (Http2Exception e) {
      onError(context(), false, e);
    }
  }

  void goAwayArrived(ByteBuf debug) {
    takesStreams = false;
    if (open && !closed) {
      if (debug.isReadable() && debug.readableBytes() <= LONGEST_FAREWELL) {
        listener.onFarewell(debug.toString(StandardCharsets.US_ASCII));
      }
      listener.onDraining();
    }
    closeIfDrained();
  }

  void pingAnswered(long data) {
    if (data == Liveness.DRAIN_PING && drainPings > 0) {
      drainPings--;
      closeIfDrained();
    } else if (data == StreamWindows.PING) {
      windows.pingAnswered();
    }
  }

  void streamsChanged() {
    activeStreams = connection().numActiveStreams();
    closeIfDrained();
  }

  private void closeIfDrained() {
    if (draining && drainPings == 0 && connection().numActiveStreams() == 0) {
      context().close();
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) throws Exception {
    ctx = context;
    super.handlerAdded(context);
    // On a channel that is active already the preface was written, but nothing else would flush it.
    flush(context);
    liveness.start(this, listener);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) throws Exception {
    if (cause instanceof IOException) {
      // A peer that is gone, as users' connections are all the time: the listener is told.
      abort(cause);
    } else {
      super.exceptionCaught(context, cause);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
    liveness.sawPeer();
    super.channelRead(context, message);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) throws Exception {
    closed = true;
    takesStreams = false;
    liveness.stop();
    if (open) {
      metrics.linkClosed();
    }
    try {
      super.channelInactive(context);
    } finally {
      activeStreams = 0;
      listener.onClosed(failure);
    }
  }

  @Override
  protected void onConnectionError(
      ChannelHandlerContext context,
      boolean outbound,
      Throwable cause,
      @Nullable Http2Exception http2) {
    log.debug("link: connection error", cause);
    failure = failure == null ? cause : failure;
    super.onConnectionError(context, outbound, cause, http2);
  }

  /**
   * What the codec refused never was a whole message; the stream's user must see that. A peer that
   * sends more than it may is not to be dealt with any more.
   */
  @Override
  protected void onStreamError(
      ChannelHandlerContext context,
      boolean outbound,
      Throwable cause,
      Http2Exception.StreamException http2) {
    Http2LinkStream ours = streamOf(connection().stream(http2.streamId()));
    if (ours != null) {
      ours.receivedReset(Reset.PROTOCOL);
    }
    if (!outbound && http2.error() == Http2Error.FLOW_CONTROL_ERROR) {
      onConnectionError(
          context,
          outbound,
          cause,
          Http2Exception.connectionError(http2.error(), "stream window exceeded"));
      return;
    }
    super.onStreamError(context, outbound, cause, http2);
  }

  @Nullable Http2LinkStream streamOf(@Nullable Http2Stream stream) {
    return stream == null ? null : stream.getProperty(streamKey);
  }
}
