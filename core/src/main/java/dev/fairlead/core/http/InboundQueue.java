package dev.fairlead.core.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what a stream received until somebody listens. It is bounded by the stream's window, as
 * nothing kept here is given back. Used on the stream's event loop only.
 */
final class InboundQueue {

  private sealed interface Event {
    record Head(Http2Headers head, boolean end) implements Event {}

    record Data(ByteBuf data, boolean end) implements Event {}

    record Trailers(Http2Headers trailers) implements Event {}

    record Ended(Reset reason) implements Event {}
  }

  private final Queue<Event> waiting = new ArrayDeque<>();
  private HttpStream.@Nullable Listener listener;
  private boolean over;

  void listen(HttpStream.Listener newListener) {
    if (listener != null) {
      throw new IllegalStateException("stream: has a listener already (expected: listen once)");
    }
    listener = newListener;
    for (Event event; (event = waiting.poll()) != null; ) {
      deliver(newListener, event);
    }
  }

  void head(Http2Headers head, boolean end) {
    offer(new Event.Head(head, end));
  }

  void data(ByteBuf data, boolean end) {
    HttpStream.Listener present = listener;
    if (over) {
      data.release();
    } else if (present != null) {
      present.onData(data, end);
    } else {
      waiting.add(new Event.Data(data, end));
    }
  }

  void trailers(Http2Headers trailers) {
    offer(new Event.Trailers(trailers));
  }

  /** Tells of the early end, unless that was told, or {@link #silence} called, before. */
  void reset(Reset reason) {
    if (!over && listener == null) {
      dropWaiting();
    }
    offer(new Event.Ended(reason));
    over = true;
  }

  void sent(int bytes) {
    if (listener != null) {
      listener.onSent(bytes);
    }
  }

  /** Drops everything that was not delivered, and all that comes. */
  void silence() {
    over = true;
    dropWaiting();
  }

  private void dropWaiting() {
    for (Event event; (event = waiting.poll()) != null; ) {
      if (event instanceof Event.Data data) {
        data.data().release();
      }
    }
  }

  private void offer(Event event) {
    if (over) {
      return;
    }
    if (listener != null) {
      deliver(listener, event);
    } else {
      waiting.add(event);
    }
  }

  private static void deliver(HttpStream.Listener to, Event event) {
    if (event instanceof Event.Head e) {
      to.onHead(e.head(), e.end());
    } else if (event instanceof Event.Data e) {
      to.onData(e.data(), e.end());
    } else if (event instanceof Event.Trailers e) {
      to.onTrailers(e.trailers());
    } else if (event instanceof Event.Ended e) {
      to.onReset(e.reason());
    }
  }
}
