package dev.fairlead.testkit.fleet;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.Identity;
import dev.fairlead.api.TimeoutException;
import dev.fairlead.api.TransportException;
import dev.fairlead.core.exchange.Caller;
import dev.fairlead.core.http.Heads;
import dev.fairlead.core.http.HttpStream;
import dev.fairlead.core.http.Reset;
import dev.fairlead.core.hub.FairleadHub;
import dev.fairlead.core.request.ClusterRequest;
import dev.fairlead.core.request.RequestTarget;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.concurrent.EventExecutor;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** One request in the hub's own process, and its answer, of which all is kept. */
final class Call implements HttpStream {

  /** A guard against hangs, not a bound of how long anything takes. */
  private static final int PATIENCE_SECONDS = 30;

  private static final int LARGEST_ANSWER = 16 << 20;

  private final EventExecutor executor;
  private final byte[] body;
  private final ByteArrayOutputStream received = new ByteArrayOutputStream();
  private final CompletableFuture<TestAnswer> answer = new CompletableFuture<>();
  private volatile HttpStream.Listener listener = new Unheard();
  private volatile int status;

  private Call(EventExecutor executor, byte[] body) {
    this.executor = executor;
    this.body = body;
  }

  static TestAnswer send(
      FairleadHub hub,
      String method,
      ClusterName cluster,
      String path,
      String json,
      Identity user) {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    Call call = new Call(hub.eventLoops().next(), body);
    Http2Headers head =
        Heads.create().method(method).path(path).scheme("https").authority("fleet.test");
    if (body.length > 0) {
      head.set("content-type", "application/json").setInt("content-length", body.length);
    }
    ClusterRequest where = new ClusterRequest(cluster, RequestTarget.parse(path));
    Caller caller = new Caller(user, "test", "127.0.0.1", "TestFleet");
    call.executor.execute(() -> hub.exchanges().serve(call, head, body.length == 0, where, caller));
    try {
      return call.answer.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    } catch (CompletionException failed) {
      if (failed.getCause() instanceof TransportException broken) {
        throw broken;
      }
      throw new TimeoutException("no answer within " + PATIENCE_SECONDS + " s", failed);
    }
  }

  @Override
  public EventExecutor executor() {
    return executor;
  }

  @Override
  public void listen(Listener first) {
    executor.execute(
        () -> {
          listener = first;
          if (body.length > 0) {
            first.onData(Unpooled.wrappedBuffer(body), true);
          }
        });
  }

  @Override
  public void sendHead(Http2Headers head, boolean end) {
    executor.execute(
        () -> {
          status = Heads.status(head);
          endIf(end);
        });
  }

  @Override
  public void sendData(ByteBuf data, boolean end) {
    executor.execute(
        () -> {
          int bytes = data.readableBytes();
          try {
            received.writeBytes(ByteBufUtil.getBytes(data));
          } finally {
            data.release();
          }
          listener.onSent(bytes);
          if (received.size() > LARGEST_ANSWER) {
            answer.completeExceptionally(
                new TransportException(
                    "an answer of more than " + LARGEST_ANSWER + " bytes (expected: fewer)"));
          }
          endIf(end);
        });
  }

  @Override
  public void sendTrailers(Http2Headers trailers) {
    executor.execute(() -> endIf(true));
  }

  private void endIf(boolean end) {
    if (end) {
      answer.complete(new TestAnswer(status, received.toString(StandardCharsets.UTF_8)));
    }
  }

  @Override
  public void consume(int bytes) {
    // The body was there from the beginning.
  }

  @Override
  public void reset(Reset reason) {
    answer.completeExceptionally(
        new TransportException("the answer broke off: " + reason + " (expected: all of it)"));
  }

  /** Before the hub listens. */
  private static final class Unheard implements Listener {
    @Override
    public void onHead(Http2Headers head, boolean end) {
      throw new IllegalStateException("a request has its head from the beginning");
    }

    @Override
    public void onData(ByteBuf data, boolean end) {
      data.release();
    }

    @Override
    public void onTrailers(Http2Headers trailers) {
      // There are none.
    }

    @Override
    public void onReset(Reset reason) {
      // Nobody resets it.
    }

    @Override
    public void onSent(int bytes) {
      // A refusal may come before anybody listens.
    }
  }
}
