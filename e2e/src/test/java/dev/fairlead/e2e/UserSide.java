package dev.fairlead.e2e;

import dev.fairlead.core.http.HttpStream;
import dev.fairlead.core.http.Reset;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.CompletableFuture;

/** The stream of a user who has no connection and sends no more than a head. */
final class UserSide implements HttpStream {

  /** The answer's status, or why there is none. */
  final CompletableFuture<String> status = new CompletableFuture<>();

  private final EventExecutor executor;

  UserSide(EventExecutor executor) {
    this.executor = executor;
  }

  @Override
  public EventExecutor executor() {
    return executor;
  }

  @Override
  public void listen(Listener listener) {
    // Nothing more comes.
  }

  @Override
  public void consume(int bytes) {
    // Nothing was delivered.
  }

  @Override
  public void sendHead(Http2Headers head, boolean end) {
    status.complete(String.valueOf(head.status()));
  }

  @Override
  public void sendData(ByteBuf data, boolean end) {
    data.release();
  }

  @Override
  public void sendTrailers(Http2Headers trailers) {
    // None are expected.
  }

  @Override
  public void reset(Reset reason) {
    status.complete(reason.toString());
  }
}
