package dev.fairlead.e2e.faults;

import dev.fairlead.core.http.Heads;
import dev.fairlead.core.http.HttpStream;
import dev.fairlead.core.http.Reset;
import dev.fairlead.core.tunnel.ExchangeHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** An exchange as a scripted agent got it. */
record Taken(ExchangeHead head, HttpStream stream, boolean end) {

  String path() {
    return String.valueOf(head.head().path());
  }

  void begin() {
    stream.sendHead(Heads.create().status("200").set("content-type", "application/json"), false);
  }

  void send(String part) {
    stream.sendData(Unpooled.copiedBuffer(part, StandardCharsets.UTF_8), false);
  }

  void answer(String body) {
    answer(body.getBytes(StandardCharsets.UTF_8));
  }

  void answer(byte[] body) {
    begin();
    stream.sendData(Unpooled.wrappedBuffer(body), true);
  }

  /** Takes the request's body, and counts what of the response has left. */
  Heard hear(boolean reads) {
    Heard heard = new Heard(stream, reads);
    stream.listen(heard);
    return heard;
  }

  /** What a scripted agent hears of an exchange. */
  static final class Heard implements HttpStream.Listener {

    final CompletableFuture<byte[]> body = new CompletableFuture<>();
    final CompletableFuture<Reset> reset = new CompletableFuture<>();
    final AtomicLong sent = new AtomicLong();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final HttpStream stream;
    private final boolean reads;

    private Heard(HttpStream stream, boolean reads) {
      this.stream = stream;
      this.reads = reads;
    }

    @Override
    public void onHead(Http2Headers head, boolean end) {
      throw new AssertionError("a second head");
    }

    @Override
    public void onData(ByteBuf data, boolean end) {
      int size = data.readableBytes();
      bytes.writeBytes(ByteBufUtil.getBytes(data));
      data.release();
      if (reads) {
        stream.consume(size);
      }
      if (end) {
        body.complete(bytes.toByteArray());
      }
    }

    @Override
    public void onTrailers(Http2Headers trailers) {
      body.complete(bytes.toByteArray());
    }

    @Override
    public void onReset(Reset reason) {
      reset.complete(reason);
    }

    @Override
    public void onSent(int count) {
      sent.addAndGet(count);
    }
  }
}
