package dev.fairlead.api.transport;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One full-duplex, ordered, backpressured connection of bytes between an agent and a hub. A pipe
 * knows nothing of what it carries; the bounds of chunks have no meaning and may change on the way.
 *
 * <p><b>Threads.</b> One thread at a time calls the methods of a pipe, except {@link #abort}, which
 * any thread may call at any time. No method blocks.
 *
 * <p><b>Life.</b> {@link #start} comes first, once. Each direction ends by itself: {@link #end}
 * ends this side's, and {@link Listener#onEnd} tells that the peer ended its own. When both have
 * ended, and all bytes were handed over, the pipe is closed without a cause. {@link #abort}, on
 * either side, and every failure close it at once in both directions with a cause. In each case
 * {@link Listener#onClosed} is called exactly once, and nothing after it. A process that dies
 * closes its pipes with a cause at the peer as soon as the network tells; a silent peer is the
 * tunnel's business, not the pipe's.
 */
public interface Pipe {

  /** The most bytes of one {@link #write} and of one {@link Listener#onData}: 64 KiB. */
  int MAX_CHUNK = 64 * 1024;

  /**
   * What a pipe tells its user. Calls are serial, on any thread, and never come from within a call
   * of this pipe's methods. What a listener throws aborts the pipe.
   */
  interface Listener {

    /**
     * {@link Pipe#isReady} became true; also the first time, once the pipe can take bytes. Told
     * once for each time.
     */
    void onReady();

    /**
     * Bytes arrived. Called at most once for each chunk of {@link Pipe#request demand}.
     *
     * @param data 1 to {@link Pipe#MAX_CHUNK} bytes between position and limit; from now on the
     *     listener's own, the pipe does not touch it again
     */
    void onData(ByteBuffer data);

    /**
     * The peer ended its direction, and all its bytes were delivered. At most once; it needs no
     * demand.
     */
    void onEnd();

    /**
     * The pipe is closed. Exactly once, and the last call.
     *
     * @param cause null if both directions had ended in order; otherwise why the pipe broke. A
     *     {@link dev.fairlead.api.UnauthenticatedException} means that the hub does not accept this
     *     agent
     */
    void onClosed(@Nullable Throwable cause);
  }

  /**
   * Begins to deliver to a listener. Before it nothing is delivered, and nothing but {@link #abort}
   * may be called.
   *
   * @param listener gets all callbacks
   * @throws IllegalStateException if the pipe was started before, or if its transport was closed
   *     before the pipe was started
   */
  void start(Listener listener);

  /**
   * Lets further chunks be delivered. Demand adds up; without demand bytes wait in a bounded buffer
   * and then at the peer.
   *
   * @param chunks how many more times {@link Listener#onData} may be called; at least 1
   */
  void request(int chunks);

  /**
   * Whether the pipe takes bytes without buffering more than its bound. When it is false, {@link
   * Listener#onReady} follows once it is true again, unless the pipe closes before.
   *
   * @return true if a write is welcome; false before the pipe is connected and after it is closed
   */
  boolean isReady();

  /**
   * Sends bytes. They are taken or copied before the call returns, after which the buffers are
   * consumed and the caller's again. A writer writes only when {@link #isReady}; one write more is
   * taken, as readiness may change in between. After the pipe is closed, bytes are dropped.
   *
   * @param data buffers whose remaining bytes, in this order, at most {@link #MAX_CHUNK} together,
   *     are sent; an empty write does nothing
   * @throws IllegalArgumentException if there are more than {@link #MAX_CHUNK} bytes
   * @throws IllegalStateException if {@link #end} was called before
   */
  void write(ByteBuffer... data);

  /** Ends this side's direction after the bytes written so far. A second call does nothing. */
  void end();

  /**
   * Closes the pipe in both directions at once; bytes on their way may be lost. Does nothing if the
   * pipe is closed. A peer that takes nothing may learn of it only when it takes bytes again.
   *
   * @param cause why; {@link Listener#onClosed} gets it on this side, and something that says so at
   *     the peer
   */
  void abort(Throwable cause);
}
