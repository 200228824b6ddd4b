package dev.fairlead.client.fabric8;

import dev.fairlead.api.Time;
import dev.fairlead.core.http.Heads;
import dev.fairlead.core.http.HttpStream;
import dev.fairlead.core.http.Reset;
import io.fabric8.kubernetes.client.http.StandardHttpRequest;
import io.fabric8.kubernetes.client.http.WebSocket;
import io.fabric8.kubernetes.client.http.WebSocketResponse;
import io.fabric8.kubernetes.client.http.WebSocketUpgradeResponse;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket to the cluster's API server. Bytes are given back to the stream's window when they
 * are read as frames, which is done only while a message is asked for.
 */
final class SocketCall implements Calls.Call, WebSocket, HttpStream.Listener {

  private static final long MOST_QUEUED = 1 << 20;

  private static final Duration CLOSING = Duration.ofSeconds(10);
  private static final int ABNORMAL = 1006;

  private final Calls calls;
  private final StandardHttpRequest request;
  private final Handshake handshake;
  private final Listener listener;
  private final Executor user;
  private final CompletableFuture<WebSocketResponse> response = new CompletableFuture<>();
  private final AtomicBoolean closeSent = new AtomicBoolean();
  private final Room room = new Room(MOST_QUEUED);
  private volatile @Nullable HttpStream stream;
  private volatile Time.Scheduled deadline = () -> {};
  private volatile boolean over;
  // On the stream's event loop from here on.
  private final Frames frames = new Frames();
  private final Queue<ByteBuf> arrived = new ArrayDeque<>();
  private final Queue<WebSocketFrame> messages = new ArrayDeque<>();
  private @Nullable RefusedUpgrade refused;
  private int demand = 1;
  private boolean opened;
  private boolean ended;
  private boolean closeTold;

  SocketCall(
      Calls calls,
      StandardHttpRequest request,
      @Nullable String subprotocol,
      WebSocket.Listener listener) {
    this.calls = calls;
    this.request = request;
    this.handshake = Handshake.of(subprotocol);
    this.listener = listener;
    this.user = calls.inTurn(this);
  }

  CompletableFuture<WebSocketResponse> start() {
    HttpStream to;
    try {
      to = calls.open(this, request.uri(), handshake.head(request), false);
    } catch (IOException | IllegalArgumentException e) {
      frames.release();
      return CompletableFuture.failedFuture(e);
    }
    stream = to;
    deadline = calls.unlessAnswered(request.getTimeout(), this);
    to.listen(this);
    response.whenComplete(
        (found, failure) -> {
          if (failure != null) {
            deadline.cancel();
            end(Reset.CANCEL);
          }
        });
    return response;
  }

  @Override
  public void onHead(Http2Headers head, boolean end) {
    deadline.cancel();
    if (Heads.status(head) != 101) {
      refused = new RefusedUpgrade(request, head);
      endIfRefused(end);
      return;
    }
    try {
      handshake.check(head);
    } catch (ProtocolException e) {
      abort(e);
      return;
    }
    opened = true;
    WebSocketUpgradeResponse upgrade =
        new WebSocketUpgradeResponse(request, 101, RequestHead.fields(head));
    user.execute(
        () -> {
          listener.onOpen(this);
          response.complete(new WebSocketResponse(upgrade, this));
        });
  }

  private void endIfRefused(boolean end) {
    RefusedUpgrade present = refused;
    if (end && present != null) {
      end(Reset.CANCEL);
      user.execute(() -> present.tell(response));
    }
  }

  @Override
  public void onData(ByteBuf data, boolean end) {
    HttpStream from = stream;
    int bytes = data.readableBytes();
    RefusedUpgrade present = refused;
    if (present != null && from != null) {
      present.add(data);
      data.release();
      from.consume(bytes);
      endIfRefused(end);
      return;
    }
    if (over || bytes == 0) {
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
    endIfRefused(true);
    pass();
  }

  /** Reads frames while messages are asked for; after a close, until the other side's. */
  private void pass() {
    HttpStream from = stream;
    while (!over && from != null && (demand > 0 || closeSent.get())) {
      WebSocketFrame message = messages.poll();
      if (message != null) {
        hand(message);
        continue;
      }
      ByteBuf data = arrived.poll();
      if (data == null) {
        break;
      }
      from.consume(data.readableBytes());
      try {
        frames.read(data, this::take);
      } catch (ProtocolException e) {
        abort(e);
        return;
      }
    }
    if (ended && arrived.isEmpty() && messages.isEmpty()) {
      tellClose(ABNORMAL, "the connection ended without a close");
      end(Reset.CANCEL);
    }
  }

  private void take(WebSocketFrame frame) {
    if (frame instanceof PingWebSocketFrame) {
      // Answered at once, whatever waits before it.
      write(new PongWebSocketFrame(frame.content()));
    } else if (frame instanceof PongWebSocketFrame) {
      frame.release();
    } else {
      messages.add(frame);
    }
  }

  private void hand(WebSocketFrame frame) {
    try {
      if (frame instanceof CloseWebSocketFrame close) {
        int code = close.statusCode() < 0 ? 1005 : close.statusCode();
        tellClose(code, close.reasonText());
        if (closeSent.compareAndSet(false, true)) {
          write(Frames.close(code, close.reasonText()));
          forceEndLater();
        }
        HttpStream to = stream;
        if (to != null) {
          to.sendData(Unpooled.EMPTY_BUFFER, true);
        }
      } else if (!closeSent.get()) {
        demand--;
        if (frame instanceof TextWebSocketFrame text) {
          String message = text.text();
          user.execute(() -> listener.onMessage(this, message));
        } else {
          ByteBuffer message = ByteBuffer.wrap(ByteBufUtil.getBytes(frame.content()));
          user.execute(() -> listener.onMessage(this, message));
        }
      }
    } finally {
      frame.release();
    }
  }

  private void tellClose(int code, String reason) {
    if (!closeTold) {
      closeTold = true;
      user.execute(() -> listener.onClose(this, code, reason));
    }
  }

  private void tellError(IOException why) {
    if (!closeTold) {
      closeTold = true;
      user.execute(() -> listener.onError(this, why));
    }
  }

  @Override
  public void onReset(Reset reason) {
    broken(calls.brokenOff(reason));
  }

  private void broken(IOException why) {
    if (!over) {
      if (!opened) {
        response.completeExceptionally(why);
      } else if (closeSent.get()) {
        tellClose(ABNORMAL, "the connection broke off");
      } else {
        tellError(why);
      }
    }
    finish();
  }

  @Override
  public void onSent(int bytes) {
    room.left(bytes);
  }

  private void write(WebSocketFrame frame) {
    HttpStream to = stream;
    if (to == null || over) {
      frame.release();
      return;
    }
    ByteBuf bytes = frames.written(frame);
    room.taken(bytes.readableBytes());
    to.sendData(bytes, false);
  }

  /**
   * {@inheritDoc} Waits while much is queued: a port-forward of fabric8 sends as fast as it can
   * read.
   */
  @Override
  public boolean send(ByteBuffer buffer) {
    int bytes = buffer.remaining();
    if (closeSent.get() || !room.take(bytes)) {
      return false;
    }
    ByteBuf copy = Unpooled.copiedBuffer(buffer);
    return onLoop(
        () -> {
          room.left(bytes);
          write(new BinaryWebSocketFrame(copy));
        },
        copy::release);
  }

  @Override
  public boolean sendClose(int code, @Nullable String reason) {
    if (over || !closeSent.compareAndSet(false, true)) {
      return false;
    }
    forceEndLater();
    return onLoop(
        () -> {
          write(Frames.close(code, reason));
          pass();
        },
        () -> {});
  }

  private void forceEndLater() {
    deadline = calls.later(CLOSING, () -> abort(calls.brokenOff("no close within " + CLOSING)));
  }

  /** In bytes, framing included. */
  @Override
  public long queueSize() {
    return room.inUse();
  }

  @Override
  public void request() {
    onLoop(
        () -> {
          demand++;
          pass();
        },
        () -> {});
  }

  @Override
  public void abort(IOException why) {
    HttpStream from = stream;
    if (from != null) {
      from.reset(Reset.CANCEL);
      onLoop(() -> broken(why), () -> {});
    } else {
      response.completeExceptionally(why);
    }
  }

  private void end(Reset reason) {
    HttpStream from = stream;
    if (from != null) {
      from.reset(reason);
      onLoop(this::finish, () -> {});
    }
  }

  private boolean onLoop(Runnable task, Runnable ifClosed) {
    HttpStream present = stream;
    if (present == null) {
      ifClosed.run();
      return false;
    }
    try {
      present.executor().execute(task);
      return true;
    } catch (RejectedExecutionException e) {
      ifClosed.run();
      over = true;
      room.close();
      response.completeExceptionally(calls.brokenOff("the hub is closed"));
      calls.over(this);
      return false;
    }
  }

  private void finish() {
    if (!over) {
      over = true;
      deadline.cancel();
      arrived.forEach(ByteBuf::release);
      arrived.clear();
      messages.forEach(WebSocketFrame::release);
      messages.clear();
      frames.release();
      room.close();
      calls.over(this);
    }
  }
}
