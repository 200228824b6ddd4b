package dev.fairlead.e2e.faults;

import dev.fairlead.core.http.Heads;
import dev.fairlead.core.http.HttpStream;
import dev.fairlead.core.http.Reset;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.concurrent.EventExecutor;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** A user's request as the hub sees it; the user reads at once, or not at all. */
final class UserStream implements HttpStream {

  final CompletableFuture<Integer> status = new CompletableFuture<>();
  final CompletableFuture<byte[]> body = new CompletableFuture<>();
  final CompletableFuture<Reset> reset = new CompletableFuture<>();

  /** How many bytes of the response the hub let out. */
  final AtomicLong received = new AtomicLong();

  /** How many bytes of the request the hub has passed on. */
  final AtomicLong passedOn = new AtomicLong();

  private final EventLoop loop;
  private final boolean reads;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final List<Consumer<Listener>> waiting = new ArrayList<>();
  private Listener listener;

  UserStream(EventLoop loop, boolean reads) {
    this.loop = loop;
    this.reads = reads;
  }

  int status() {
    return Patience.within(status);
  }

  String text() {
    return new String(Patience.within(body), StandardCharsets.UTF_8);
  }

  /** Completes with the end of the response, whether it is whole or not. */
  CompletableFuture<Object> end() {
    return CompletableFuture.anyOf(body, reset);
  }

  void cancel() {
    deliver(to -> to.onReset(Reset.CANCEL));
  }

  void send(byte[] part, boolean end) {
    deliver(to -> to.onData(Unpooled.wrappedBuffer(part), end));
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
          listener = other;
          waiting.forEach(event -> event.accept(other));
          waiting.clear();
        });
  }

  @Override
  public void sendHead(Http2Headers sent, boolean end) {
    status.complete(Heads.status(sent));
    ended(end);
  }

  @Override
  public void sendData(ByteBuf data, boolean end) {
    int size = data.readableBytes();
    bytes.writeBytes(ByteBufUtil.getBytes(data));
    data.release();
    received.addAndGet(size);
    if (reads) {
      deliver(to -> to.onSent(size));
    }
    ended(end);
  }

  @Override
  public void sendTrailers(Http2Headers trailers) {
    ended(true);
  }

  private void ended(boolean end) {
    if (end) {
      body.complete(bytes.toByteArray());
    }
  }

  @Override
  public void consume(int count) {
    passedOn.addAndGet(count);
  }

  @Override
  public void reset(Reset reason) {
    reset.complete(reason);
  }
}
