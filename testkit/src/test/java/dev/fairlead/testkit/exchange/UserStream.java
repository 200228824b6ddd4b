package dev.fairlead.testkit.exchange;

import dev.fairlead.core.http.Heads;
import dev.fairlead.core.http.HttpStream;
import dev.fairlead.core.http.Reset;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.concurrent.EventExecutor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A user's request as the hub sees it, without a connection below. */
final class UserStream implements HttpStream {

  final CompletableFuture<Http2Headers> head = new CompletableFuture<>();
  final CompletableFuture<String> body = new CompletableFuture<>();
  final CompletableFuture<Reset> reset = new CompletableFuture<>();
  private final EventLoop loop;
  private final StringBuffer text = new StringBuffer();
  private final List<Consumer<Listener>> waiting = new ArrayList<>();
  private @Nullable Listener listener;

  UserStream(EventLoop loop) {
    this.loop = loop;
  }

  static <T> T within(CompletableFuture<T> future) {
    return future.orTimeout(10, TimeUnit.SECONDS).join();
  }

  int status() {
    return Heads.status(within(head));
  }

  String answer() {
    return within(body);
  }

  /** What has come so far, of a response that goes on. */
  String soFar() {
    return text.toString();
  }

  /** The user leaves. */
  void cancel() {
    deliver(to -> to.onReset(Reset.CANCEL));
  }

  void send(String part, boolean end) {
    deliver(to -> to.onData(Unpooled.copiedBuffer(part, StandardCharsets.UTF_8), end));
  }

  private void deliver(Consumer<Listener> event) {
    loop.execute(
        () -> {
          if (listener == null) {
            waiting.add(event);
          } else {
            event.accept(listener);
          }
        });
  }

  @Override
  public EventExecutor executor() {
    return loop;
  }

  @Override
  public void listen(Listener other) {
    loop.execute(
        () -> {
          if (listener != null) {
            throw new IllegalStateException("stream: has a listener already");
          }
          listener = other;
          waiting.forEach(event -> event.accept(other));
        });
  }

  @Override
  public void sendHead(Http2Headers sent, boolean end) {
    head.complete(sent);
    ended(end);
  }

  @Override
  public void sendData(ByteBuf data, boolean end) {
    int bytes = data.readableBytes();
    text.append(data.toString(StandardCharsets.UTF_8));
    data.release();
    deliver(to -> to.onSent(bytes));
    ended(end);
  }

  @Override
  public void sendTrailers(Http2Headers trailers) {
    ended(true);
  }

  private void ended(boolean end) {
    if (end) {
      body.complete(text.toString());
    }
  }

  @Override
  public void consume(int bytes) {
    // Nothing more comes than a test sends.
  }

  @Override
  public void reset(Reset reason) {
    reset.complete(reason);
  }
}
