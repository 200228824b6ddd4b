package dev.fairlead.core.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.concurrent.EventExecutor;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** One end of a {@link StreamPair}. */
final class LocalEnd implements HttpStream {

  private final EventExecutor executor;
  // All on the event loop from here on.
  private final InboundQueue inbound = new InboundQueue();
  private @Nullable LocalEnd other;
  private boolean outEnded;
  private boolean over;
  private int unconsumed;

  LocalEnd(EventExecutor executor, boolean outEnded) {
    this.executor = executor;
    this.outEnded = outEnded;
  }

  void join(LocalEnd end) {
    other = end;
  }

  private LocalEnd other() {
    return Objects.requireNonNull(other, "the other end");
  }

  /** Always later, so that no end calls itself through the other, and calls keep their order. */
  private void later(Runnable task, Runnable ifClosed) {
    try {
      executor.execute(task);
    } catch (RejectedExecutionException e) {
      ifClosed.run();
    }
  }

  private void later(Runnable task) {
    later(task, () -> {});
  }

  @Override
  public EventExecutor executor() {
    return executor;
  }

  @Override
  public void listen(Listener listener) {
    later(() -> inbound.listen(listener));
  }

  @Override
  public void sendHead(Http2Headers head, boolean end) {
    later(
        () -> {
          if (!over && !outEnded) {
            outEnded = end;
            other().inbound.head(head, end);
          }
        });
  }

  @Override
  public void sendData(ByteBuf data, boolean end) {
    later(
        () -> {
          int bytes = data.readableBytes();
          if (over || outEnded) {
            data.release();
            inbound.sent(bytes);
            return;
          }
          outEnded = end;
          other().unconsumed += bytes;
          other().inbound.data(data, end);
        },
        data::release);
  }

  @Override
  public void sendTrailers(Http2Headers trailers) {
    later(
        () -> {
          if (!over && !outEnded) {
            outEnded = true;
            other().inbound.trailers(trailers);
          }
        });
  }

  @Override
  public void consume(int bytes) {
    later(() -> giveBack(Math.min(bytes, unconsumed)));
  }

  private void giveBack(int bytes) {
    if (bytes > 0) {
      unconsumed -= bytes;
      other().inbound.sent(bytes);
    }
  }

  @Override
  public void reset(Reset reason) {
    later(
        () -> {
          if (over || (outEnded && other().outEnded)) {
            return;
          }
          over = true;
          other().over = true;
          inbound.silence();
          other().inbound.reset(reason);
          giveBack(unconsumed);
          other().giveBack(other().unconsumed);
        });
  }
}
