package dev.fairlead.agent;

import dev.fairlead.core.http.HttpStream;
import dev.fairlead.core.http.Reset;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** What came on a stream, for a test to wait for. */
final class Answer implements HttpStream.Listener {

  final CompletableFuture<Http2Headers> head = new CompletableFuture<>();
  final CompletableFuture<String> end = new CompletableFuture<>();
  final CompletableFuture<Reset> reset = new CompletableFuture<>();
  final CompletableFuture<Http2Headers> trailers = new CompletableFuture<>();
  final BlockingQueue<String> chunks = new LinkedBlockingQueue<>();
  final AtomicInteger received = new AtomicInteger();
  final AtomicInteger sent = new AtomicInteger();
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private final boolean consuming;
  volatile HttpStream stream;

  Answer() {
    this(true);
  }

  Answer(boolean consuming) {
    this.consuming = consuming;
  }

  static <T> T soon(CompletableFuture<T> future) {
    try {
      return future.get(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError("did not happen: " + e, e);
    }
  }

  Http2Headers head() {
    return soon(head);
  }

  String status() {
    return head().status().toString();
  }

  String body() {
    return soon(end);
  }

  Reset reset() {
    return soon(reset);
  }

  String chunk() {
    try {
      String chunk = chunks.poll(20, TimeUnit.SECONDS);
      if (chunk == null) {
        throw new AssertionError("no chunk came");
      }
      return chunk;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void onHead(Http2Headers came, boolean last) {
    head.complete(came);
    if (last) {
      end.complete("");
    }
  }

  @Override
  public void onData(ByteBuf data, boolean last) {
    int bytes = data.readableBytes();
    String text = data.toString(StandardCharsets.ISO_8859_1);
    data.release();
    received.addAndGet(bytes);
    if (consuming) {
      body.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
      if (bytes > 0) {
        chunks.add(text);
      }
      if (stream != null) {
        stream.consume(bytes);
      }
    }
    if (last) {
      end.complete(body.toString(StandardCharsets.ISO_8859_1));
    }
  }

  @Override
  public void onTrailers(Http2Headers came) {
    trailers.complete(came);
    end.complete(body.toString(StandardCharsets.ISO_8859_1));
  }

  @Override
  public void onReset(Reset reason) {
    reset.complete(reason);
  }

  @Override
  public void onSent(int bytes) {
    sent.addAndGet(bytes);
  }
}
