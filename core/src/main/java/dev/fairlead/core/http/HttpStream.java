package dev.fairlead.core.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.concurrent.EventExecutor;

/**
 * One request and its response on some connection, seen from one of its ends.
 *
 * <p>Methods may be called by any thread and keep the order of one caller. Callbacks are serial, on
 * {@link #executor()}. Backpressure: received bytes count against a bounded window until they are
 * given back by {@link #consume}; sent bytes are buffered until the peer takes them, which {@link
 * Listener#onSent} tells, so whoever relays gives back on one side what was sent on the other.
 */
public interface HttpStream {

  /** What a stream tells its user. */
  interface Listener {

    /**
     * The head of the response, or of the request; final, never an interim response.
     *
     * @param head pseudo-header fields and fields, the listener's own
     * @param end whether nothing follows
     */
    void onHead(Http2Headers head, boolean end);

    /**
     * Bytes of the body, or raw bytes after an upgrade.
     *
     * @param data the bytes, which the listener releases; perhaps none if {@code end}
     * @param end whether nothing follows
     */
    void onData(ByteBuf data, boolean end);

    /**
     * Trailers; nothing follows.
     *
     * @param trailers the fields
     */
    void onTrailers(Http2Headers trailers);

    /**
     * The stream ended before its time, in both directions. The last callback.
     *
     * @param reason why
     */
    void onReset(Reset reason);

    /**
     * Bytes given to {@link #sendData} have left, or never will.
     *
     * @param bytes how many
     */
    void onSent(int bytes);
  }

  /**
   * Where callbacks run.
   *
   * @return the event loop of the connection below
   */
  EventExecutor executor();

  /**
   * Begins to deliver to a listener what arrived and what will. Called once.
   *
   * @param listener gets all callbacks
   */
  void listen(Listener listener);

  /**
   * Sends the head.
   *
   * @param head pseudo-header fields and fields, from now on the stream's own
   * @param end whether nothing follows
   */
  void sendHead(Http2Headers head, boolean end);

  /**
   * Sends bytes of the body, or raw bytes after an upgrade.
   *
   * @param data the bytes, which the stream releases
   * @param end whether nothing follows
   */
  void sendData(ByteBuf data, boolean end);

  /**
   * Sends trailers; nothing follows.
   *
   * @param trailers the fields
   */
  void sendTrailers(Http2Headers trailers);

  /**
   * Gives received bytes back to the window.
   *
   * @param bytes how many were dealt with
   */
  void consume(int bytes);

  /**
   * Ends both directions at once, unless both have ended. No callback follows but {@link
   * Listener#onSent}.
   *
   * @param reason what the peer is told
   */
  void reset(Reset reason);
}
