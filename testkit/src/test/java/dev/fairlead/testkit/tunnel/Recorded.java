package dev.fairlead.testkit.tunnel;

import dev.fairlead.core.http.HttpStream;
import dev.fairlead.core.http.Reset;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Records what a stream delivers, and gives bytes back at once, or not at all. */
final class Recorded implements HttpStream.Listener {

  final CompletableFuture<Http2Headers> head = new CompletableFuture<>();
  final CompletableFuture<Http2Headers> trailers = new CompletableFuture<>();
  final CompletableFuture<byte[]> body = new CompletableFuture<>();
  final CompletableFuture<Reset> reset = new CompletableFuture<>();
  final AtomicLong received = new AtomicLong();
  final AtomicInteger sent = new AtomicInteger();
  final AtomicInteger afterTheEnd = new AtomicInteger();
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final CompletableFuture<HttpStream> stream = new CompletableFuture<>();
  private final boolean stalled;

  private Recorded(boolean stalled) {
    this.stalled = stalled;
  }

  static Recorded eager() {
    return new Recorded(false);
  }

  static Recorded stalled() {
    return new Recorded(true);
  }

  /** The stream that gets its bytes back. */
  Recorded of(HttpStream listenedTo) {
    stream.complete(listenedTo);
    return this;
  }

  @Override
  public void onHead(Http2Headers arrived, boolean end) {
    head.complete(arrived);
    ended(end);
  }

  @Override
  public void onData(ByteBuf data, boolean end) {
    int size = data.readableBytes();
    try {
      data.readBytes(bytes, size);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      data.release();
    }
    received.addAndGet(size);
    if (!stalled) {
      stream.thenAccept(present -> present.consume(size));
    }
    ended(end);
  }

  @Override
  public void onTrailers(Http2Headers arrived) {
    trailers.complete(arrived);
    ended(true);
  }

  private void ended(boolean end) {
    if (body.isDone() || reset.isDone()) {
      afterTheEnd.incrementAndGet();
    }
    if (end) {
      body.complete(bytes.toByteArray());
    }
  }

  @Override
  public void onReset(Reset reason) {
    if (!reset.complete(reason)) {
      afterTheEnd.incrementAndGet();
    }
  }

  @Override
  public void onSent(int count) {
    sent.addAndGet(count);
  }
}
