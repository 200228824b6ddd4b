package dev.fairlead.client.fabric8;

import dev.fairlead.api.Time;
import dev.fairlead.core.http.HttpStream;
import dev.fairlead.core.http.Reset;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.StandardHttpRequest;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A request and its response. What arrives is given back to the stream's window no sooner than its
 * consumer asked for it, so no more than a window of it is ever kept.
 */
final class ResponseCall implements Calls.Call, AsyncBody, HttpStream.Listener {

  private final Calls calls;
  private final StandardHttpRequest request;
  private final AsyncBody.Consumer<List<ByteBuffer>> consumer;
  private final @Nullable RequestBody body;
  private final Executor user;
  private final CompletableFuture<HttpResponse<AsyncBody>> response = new CompletableFuture<>();
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private volatile @Nullable HttpStream stream;
  private volatile Time.Scheduled deadline = () -> {};
  // On the stream's event loop from here on.
  private final Queue<ByteBuf> arrived = new ArrayDeque<>();
  private int demand;
  private boolean ended;
  private boolean over;

  ResponseCall(
      Calls calls, StandardHttpRequest request, AsyncBody.Consumer<List<ByteBuffer>> consumer) {
    this.calls = calls;
    this.request = request;
    this.consumer = consumer;
    this.body = RequestBody.of(request);
    this.user = calls.inTurn(this);
  }

  CompletableFuture<HttpResponse<AsyncBody>> start() {
    Http2Headers head = RequestHead.of(request);
    if (body != null && body.length() >= 0) {
      head.setLong("content-length", body.length());
    }
    HttpStream opened;
    try {
      opened = calls.open(this, request.uri(), head, body == null);
    } catch (IOException | IllegalArgumentException e) {
      return CompletableFuture.failedFuture(e);
    }
    stream = opened;
    deadline = calls.unlessAnswered(request.getTimeout(), this);
    opened.listen(this);
    response.whenComplete(
        (found, failure) -> {
          deadline.cancel();
          if (failure != null) {
            end(opened, Reset.CANCEL);
          }
        });
    if (body != null) {
      body.proceed(opened, this, calls.threads());
    }
    return response;
  }

  @Override
  public void onHead(Http2Headers head, boolean end) {
    deadline.cancel();
    HubResponse found = new HubResponse(request, head, this);
    user.execute(() -> response.complete(found));
    if (end) {
      ended = true;
      pass();
    }
  }

  @Override
  public void onData(ByteBuf data, boolean end) {
    if (over || !data.isReadable()) {
      data.release();
    } else {
      arrived.add(data);
    }
    ended |= end;
    pass();
  }

  @Override
  public void onTrailers(Http2Headers trailers) {
    ended = true;
    pass();
  }

  /** Hands over what was asked for, and the end when there is nothing before it. */
  private void pass() {
    HttpStream from = stream;
    if (over || from == null) {
      return;
    }
    if (demand > 0 && !arrived.isEmpty()) {
      demand--;
      List<ByteBuffer> chunks = new ArrayList<>(arrived.size());
      int bytes = 0;
      for (ByteBuf data; (data = arrived.poll()) != null; ) {
        // The consumer may keep it, and the engine's buffers are not for keeps.
        byte[] copy = new byte[data.readableBytes()];
        data.readBytes(copy);
        data.release();
        bytes += copy.length;
        chunks.add(ByteBuffer.wrap(copy));
      }
      from.consume(bytes);
      user.execute(() -> consume(chunks));
    }
    if (ended && arrived.isEmpty()) {
      finish();
      user.execute(() -> done.complete(null));
    }
  }

  private void consume(List<ByteBuffer> chunks) {
    if (done.isDone()) {
      return;
    }
    try {
      consumer.consume(chunks, this);
    } catch (Exception e) {
      done.completeExceptionally(e);
      cancel();
    }
  }

  @Override
  public void onReset(Reset reason) {
    fail(calls.brokenOff(reason));
    finish();
  }

  @Override
  public void onSent(int bytes) {
    HttpStream to = stream;
    if (body != null && to != null) {
      body.left(bytes);
      body.proceed(to, this, calls.threads());
    }
  }

  @Override
  public void consume() {
    HttpStream from = stream;
    if (from == null) {
      return;
    }
    onLoop(
        from,
        () -> {
          demand++;
          pass();
        });
  }

  @Override
  public CompletableFuture<Void> done() {
    return done;
  }

  @Override
  public void cancel() {
    done.cancel(false);
    HttpStream from = stream;
    if (from != null) {
      end(from, Reset.CANCEL);
    }
  }

  @Override
  public void abort(IOException why) {
    HttpStream from = stream;
    if (from != null) {
      end(from, Reset.CANCEL);
    }
    fail(why);
  }

  private void fail(IOException why) {
    if (!response.completeExceptionally(why)) {
      done.completeExceptionally(why);
    }
  }

  private void end(HttpStream from, Reset reason) {
    from.reset(reason);
    onLoop(from, this::finish);
  }

  private void onLoop(HttpStream from, Runnable task) {
    try {
      from.executor().execute(task);
    } catch (RejectedExecutionException e) {
      fail(calls.brokenOff("the hub is closed"));
      calls.over(this);
    }
  }

  private void finish() {
    if (!over) {
      over = true;
      deadline.cancel();
      arrived.forEach(ByteBuf::release);
      arrived.clear();
      if (body != null) {
        body.stop();
      }
      calls.over(this);
    }
  }
}
