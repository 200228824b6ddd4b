package dev.fairlead.core.serviceaccount;

import dev.fairlead.api.TransportException;
import dev.fairlead.core.http.HttpStream;
import dev.fairlead.core.http.Reset;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.concurrent.EventExecutor;
import java.io.ByteArrayOutputStream;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A request that comes from within this process, on the way of all others: it has a small body, and
 * its answer is collected up to a bound.
 */
final class LocalStream implements HttpStream {

  /** What came back. */
  record Answer(int status, byte[] body) {}

  private final EventExecutor executor;
  private final byte[] body;
  private final int largest;
  private final CompletableFuture<Answer> answer = new CompletableFuture<>();
  private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
  private int status;
  private @Nullable Listener listener;

  LocalStream(EventExecutor executor, byte[] body, int largest) {
    this.executor = executor;
    this.body = body;
    this.largest = largest;
  }

  CompletableFuture<Answer> answer() {
    return answer;
  }

  /** Gives the request up. */
  void abandon(String reason) {
    executor.execute(() -> fail(reason));
  }

  private void fail(String reason) {
    Listener present = listener;
    if (answer.completeExceptionally(new TransportException(reason)) && present != null) {
      present.onReset(Reset.CANCEL);
    }
  }

  @Override
  public EventExecutor executor() {
    return executor;
  }

  @Override
  public void listen(Listener given) {
    executor.execute(
        () -> {
          listener = given;
          if (answer.isDone()) {
            given.onReset(Reset.CANCEL);
          } else {
            given.onData(Unpooled.wrappedBuffer(body), true);
          }
        });
  }

  @Override
  public void sendHead(Http2Headers head, boolean end) {
    executor.execute(
        () -> {
          status = Integer.parseInt(String.valueOf(head.status()));
          if (end) {
            complete();
          }
        });
  }

  @Override
  public void sendData(ByteBuf data, boolean end) {
    executor.execute(
        () -> {
          int bytes = data.readableBytes();
          boolean fits = taken.size() + bytes <= largest;
          if (fits) {
            byte[] copy = new byte[bytes];
            data.readBytes(copy);
            taken.write(copy, 0, bytes);
          }
          data.release();
          Listener present = listener;
          if (present != null && !answer.isDone()) {
            present.onSent(bytes);
          }
          if (!fits) {
            fail("answer: more than " + largest + " bytes (expected: at most that)");
          } else if (end) {
            complete();
          }
        });
  }

  @Override
  public void sendTrailers(Http2Headers trailers) {
    executor.execute(this::complete);
  }

  private void complete() {
    answer.complete(new Answer(status, taken.toByteArray()));
  }

  @Override
  public void consume(int bytes) {
    // The body was given at once, and is small.
  }

  @Override
  public void reset(Reset reason) {
    answer.completeExceptionally(new TransportException("no answer: " + reason));
  }
}
