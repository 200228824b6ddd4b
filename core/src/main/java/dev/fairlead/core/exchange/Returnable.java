package dev.fairlead.core.exchange;

import dev.fairlead.core.http.HttpStream;
import dev.fairlead.core.http.Reset;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A user's stream that can be taken back from its listener as long as nothing was delivered, and
 * given to another one. What arrives in between is held, and bounded by the stream's window, as
 * nothing of it is given back.
 */
final class Returnable implements HttpStream {

  private enum State {
    /** Nobody listens; what arrives is held. */
    HELD,
    /** There is a listener, which was told nothing yet. */
    FRESH,
    /** The listener knows something, so it keeps the stream. */
    DELIVERED
  }

  private final HttpStream below;
  private final AtomicReference<State> state = new AtomicReference<>(State.HELD);
  private volatile @Nullable Listener listener;
  // On the event loop only.
  private final Queue<Consumer<Listener>> held = new ArrayDeque<>();
  private boolean listening;

  Returnable(HttpStream below) {
    this.below = below;
  }

  /**
   * Takes the stream back, on any thread.
   *
   * @return false if the listener was told something already, and keeps it
   */
  boolean takeBack() {
    return state.compareAndSet(State.FRESH, State.HELD);
  }

  @Override
  public EventExecutor executor() {
    return below.executor();
  }

  /** {@inheritDoc} Once more after each {@link #takeBack}, which may come at once. */
  @Override
  public void listen(Listener next) {
    listener = next;
    state.set(State.FRESH);
    if (executor().inEventLoop()) {
      begin();
    } else {
      executor().execute(this::begin);
    }
  }

  private void begin() {
    if (!held.isEmpty()) {
      Listener to = keeper();
      if (to != null) {
        for (Consumer<Listener> event; (event = held.poll()) != null; ) {
          event.accept(to);
        }
      }
    }
    if (!listening) {
      listening = true;
      below.listen(new Inbound());
    }
  }

  /** Who gets what arrives now, or null if it is to be held. */
  private @Nullable Listener receiver() {
    return held.isEmpty() ? keeper() : null;
  }

  /** Lets the listener keep the stream, unless it was taken back. */
  private @Nullable Listener keeper() {
    boolean kept =
        state.get() == State.DELIVERED || state.compareAndSet(State.FRESH, State.DELIVERED);
    return kept ? listener : null;
  }

  @Override
  public void sendHead(Http2Headers head, boolean end) {
    below.sendHead(head, end);
  }

  @Override
  public void sendData(ByteBuf data, boolean end) {
    below.sendData(data, end);
  }

  @Override
  public void sendTrailers(Http2Headers trailers) {
    below.sendTrailers(trailers);
  }

  @Override
  public void consume(int bytes) {
    below.consume(bytes);
  }

  @Override
  public void reset(Reset reason) {
    below.reset(reason);
  }

  private final class Inbound implements Listener {
    @Override
    public void onHead(Http2Headers head, boolean end) {
      throw new IllegalStateException("exchange: a second request head (expected: one)");
    }

    @Override
    public void onData(ByteBuf data, boolean end) {
      Listener to = receiver();
      if (to == null) {
        held.add(next -> next.onData(data, end));
      } else {
        to.onData(data, end);
      }
    }

    @Override
    public void onTrailers(Http2Headers trailers) {
      Listener to = receiver();
      if (to == null) {
        held.add(next -> next.onTrailers(trailers));
      } else {
        to.onTrailers(trailers);
      }
    }

    @Override
    public void onReset(Reset reason) {
      Listener to = receiver();
      if (to == null) {
        held.add(next -> next.onReset(reason));
      } else {
        to.onReset(reason);
      }
    }

    @Override
    public void onSent(int bytes) {
      // The response is the last listener's alone.
      Listener present = listener;
      if (present != null) {
        present.onSent(bytes);
      }
    }
  }
}
