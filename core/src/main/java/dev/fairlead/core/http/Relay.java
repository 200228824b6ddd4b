package dev.fairlead.core.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Joins a stream that brought a request with one that carries it on. What arrives on one side is
 * sent on the other, and is given back to its window when it has left: so the slower side holds up
 * the faster one, and nothing piles up between.
 *
 * <p>An early end on one side becomes an early end on the other; nothing that was cut short ever
 * looks complete.
 */
public final class Relay {

  /** Sees a relay's course; called on the event loop of either stream. */
  public interface Observer {

    /**
     * More of the request's body, or of raw bytes, arrived.
     *
     * @param total how many there were so far
     */
    default void onRequestBytes(long total) {}

    /**
     * The head of the response arrived.
     *
     * @param status its status
     */
    void onResponse(int status);

    /**
     * The relay is over. Exactly once.
     *
     * @param bytesIn how many bytes of body, or raw bytes, the requester sent
     * @param bytesOut how many it was sent
     * @param reason why it ended before its time, or null
     */
    void onComplete(long bytesIn, long bytesOut, @Nullable Reset reason);
  }

  private final HttpStream requester;
  private final UnaryOperator<Http2Headers> responseHead;
  private final Observer observer;
  private final AtomicBoolean complete = new AtomicBoolean();
  private final AtomicLong bytesIn = new AtomicLong();
  private final AtomicLong bytesOut = new AtomicLong();

  /** Of the bytes out, those that the requester's connection has taken. */
  private final AtomicLong left = new AtomicLong();

  private @Nullable HttpStream responder;
  private volatile boolean upgraded;
  private volatile boolean requestEnded;
  private volatile boolean responseEnded;
  // On the second stream's event loop only.
  private final boolean watch;
  private @Nullable EventEnds events;
  private @Nullable WebSocketFrames frames;
  private boolean ending;

  /** On the second stream's event loop. */
  private boolean answered;

  private Relay(
      HttpStream requester,
      boolean requestEnded,
      boolean watch,
      UnaryOperator<Http2Headers> responseHead,
      Observer observer) {
    this.requester = requester;
    this.requestEnded = requestEnded;
    this.watch = watch;
    this.responseHead = responseHead;
    this.observer = observer;
  }

  /**
   * Opens the second stream and joins the two. Called on the second stream's event loop.
   *
   * @param requester the stream that brought the request; its head was delivered, and nobody else
   *     listens from now on
   * @param requestEnded whether the request ended with its head
   * @param open opens the second stream for a listener, with the request's head sent; what it
   *     throws is thrown on, and the requester is untouched
   * @param watch whether the response is a watch, to be ended by {@link #endAfterEvent}
   * @param responseHead what to do to the response's head before it is sent to the requester
   * @param observer sees the course
   * @return the relay, to be cut off if need be
   */
  public static Relay start(
      HttpStream requester,
      boolean requestEnded,
      Function<HttpStream.Listener, HttpStream> open,
      boolean watch,
      UnaryOperator<Http2Headers> responseHead,
      Observer observer) {
    Relay relay = new Relay(requester, requestEnded, watch, responseHead, observer);
    relay.responder = open.apply(relay.new ResponseSide());
    requester.listen(relay.new RequestSide());
    return relay;
  }

  /**
   * Ends both streams before their time, unless the relay is over. Called on the second stream's
   * event loop.
   *
   * @param reason what the requester is told
   */
  public void abort(Reset reason) {
    if (!complete.get()) {
      requester.reset(reason);
      responder().reset(Reset.CANCEL);
      complete(reason);
    }
  }

  /**
   * Ends both streams before their time as {@link #abort(Reset)} does, but tells the requester why,
   * where that is possible without breaking into anything: in a watch in JSON between two events,
   * in a WebSocket between two messages, and only if all that was sent has left. The requester's
   * stream then ends after these words, or is reset if they do not leave within 2 seconds.
   *
   * @param reason what the observer is told, and the requester if nothing else can be
   * @param words what to tell
   */
  public void abort(Reset reason, Farewell words) {
    if (left.get() < bytesOut.get()) {
      // What has left just now may not have been told yet.
      requester.executor().execute(() -> responder().executor().execute(() -> end(reason, words)));
    } else {
      end(reason, words);
    }
  }

  private void end(Reset reason, Farewell words) {
    ByteBuf last = complete.get() ? null : lastWords(words);
    if (last == null) {
      abort(reason);
      return;
    }
    responseEnded = true;
    requester.sendData(last, true);
    responder().reset(Reset.CANCEL);
    complete(reason);
    requester.executor().schedule(() -> requester.reset(reason), 2, TimeUnit.SECONDS);
  }

  private @Nullable ByteBuf lastWords(Farewell words) {
    if (responseEnded || left.get() < bytesOut.get()) {
      return null;
    }
    if (frames != null) {
      return frames.isBetween() ? words.frames(frames.haveChannels()) : null;
    }
    return events != null && events.isBetweenLines() ? words.event() : null;
  }

  /**
   * Ends the response of a watch in order, as soon as it has brought whole events only, so that its
   * requester opens it anew; does nothing to other relays. Called on the second stream's event
   * loop.
   */
  public void endAfterEvent() {
    if (watch && !ending) {
      ending = true;
      if (events != null && events.isBetween() && !complete.get()) {
        endNow(Unpooled.EMPTY_BUFFER);
      }
    }
  }

  private void endNow(ByteBuf last) {
    responseEnded = true;
    requester.sendData(last, true);
    responder().reset(Reset.CANCEL);
    complete(null);
  }

  /** Whether the response was ended by these bytes, which were taken over then. */
  private boolean endsWith(ByteBuf data, EventEnds present) {
    int end = present.lastEnd(data);
    if (!ending || end == 0 || complete.get()) {
      return false;
    }
    ByteBuf last = data.readRetainedSlice(end);
    data.release();
    endNow(last);
    return true;
  }

  /**
   * What the requester sent so far.
   *
   * @return bytes of body, or raw bytes
   */
  public long bytesIn() {
    return bytesIn.get();
  }

  /**
   * What the requester was sent so far.
   *
   * @return bytes of body, or raw bytes
   */
  public long bytesOut() {
    return bytesOut.get();
  }

  /**
   * Ends the second stream before its time, unless the requester was sent something already or the
   * relay is over. Called on the second stream's event loop.
   *
   * @param status what the caller is about to answer itself
   * @return whether so; the requester then waits for that answer
   */
  public boolean withdraw(int status) {
    if (answered || complete.get()) {
      return false;
    }
    answered = true;
    observer.onResponse(status);
    responder().reset(Reset.CANCEL);
    complete(Reset.CANCEL);
    return true;
  }

  private HttpStream responder() {
    return Objects.requireNonNull(responder, "responder");
  }

  private void endedInOrder() {
    if (upgraded ? requestEnded && responseEnded : responseEnded) {
      complete(null);
      if (!requestEnded) {
        // The response is whole; what is left of the request serves nobody.
        responder().reset(Reset.NO_ERROR);
      }
    }
  }

  private void complete(@Nullable Reset reason) {
    if (complete.compareAndSet(false, true)) {
      observer.onComplete(bytesIn.get(), bytesOut.get(), reason);
    }
  }

  /** Listens to the requester, on its event loop. */
  private final class RequestSide implements HttpStream.Listener {

    @Override
    public void onHead(Http2Headers head, boolean end) {
      throw new IllegalStateException("relay: a second request head (expected: one per stream)");
    }

    @Override
    public void onData(ByteBuf data, boolean end) {
      observer.onRequestBytes(bytesIn.addAndGet(data.readableBytes()));
      requestEnded |= end;
      responder().sendData(data, end);
      if (end) {
        endedInOrder();
      }
    }

    @Override
    public void onTrailers(Http2Headers trailers) {
      requestEnded = true;
      responder().sendTrailers(trailers);
    }

    @Override
    public void onReset(Reset reason) {
      responder().reset(Reset.CANCEL);
      complete(reason);
    }

    @Override
    public void onSent(int bytes) {
      left.addAndGet(bytes);
      responder().consume(bytes);
    }
  }

  /** Listens to the responder, on its event loop. */
  private final class ResponseSide implements HttpStream.Listener {

    @Override
    public void onHead(Http2Headers head, boolean end) {
      answered = true;
      // The hub and the agent each see the 101 on one side only, as HTTP/2 has none.
      boolean switched = Heads.status(head) == 101;
      Http2Headers changed = responseHead.apply(head);
      int status = Heads.status(changed);
      upgraded = switched || status == 101;
      observer.onResponse(status);
      // Before the head is somebody else's.
      EventEnds present = watch && !end ? EventEnds.of(changed) : null;
      events = present;
      frames = WebSocketFrames.of(changed);
      requester.sendHead(changed, end);
      ended(end);
      if (ending && present != null && present.isBetween() && !complete.get()) {
        endNow(Unpooled.EMPTY_BUFFER);
      }
    }

    @Override
    public void onData(ByteBuf data, boolean end) {
      bytesOut.addAndGet(data.readableBytes());
      EventEnds present = events;
      if (present != null && !end && endsWith(data, present)) {
        return;
      }
      if (frames != null) {
        frames.see(data);
      }
      requester.sendData(data, end);
      ended(end);
    }

    @Override
    public void onTrailers(Http2Headers trailers) {
      requester.sendTrailers(trailers);
      ended(true);
    }

    private void ended(boolean end) {
      if (end) {
        responseEnded = true;
        endedInOrder();
      }
    }

    @Override
    public void onReset(Reset reason) {
      requester.reset(reason == Reset.REFUSED ? Reset.INTERNAL : reason);
      complete(reason);
    }

    @Override
    public void onSent(int bytes) {
      requester.consume(bytes);
    }
  }
}
