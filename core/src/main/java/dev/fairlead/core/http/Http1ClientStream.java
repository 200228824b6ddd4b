package dev.fairlead.core.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;

/** One exchange on an {@link Http1ClientConnection}. State is touched on the event loop only. */
final class Http1ClientStream implements HttpStream {

  private enum Phase {
    AWAITING_HEAD,
    BODY,
    RAW,
    OVER
  }

  private final Http1ClientConnection connection;
  private final Http1ClientRequest request;
  private final int window;
  private final LinkMetrics metrics;
  private final InboundQueue inbound = new InboundQueue();

  /** What came before the server's answer to an upgrade. */
  private final Queue<ByteBuf> held = new ArrayDeque<>();

  private Phase phase = Phase.AWAITING_HEAD;
  private boolean skipping;
  private boolean framed;
  private boolean reusable;
  private boolean inEnded;
  private boolean outEnded;
  private boolean heldEnd;
  private boolean paused;
  private long heldBytes;
  private long sentBody;
  private long unconsumed;

  Http1ClientStream(
      Http1ClientConnection connection,
      Http1ClientRequest request,
      int window,
      LinkMetrics metrics) {
    this.connection = connection;
    this.request = request;
    this.window = window;
    this.metrics = metrics;
  }

  private boolean isUpgrade() {
    return request.protocol() != null;
  }

  boolean isRaw() {
    return phase == Phase.RAW;
  }

  void begin(boolean end) {
    connection.context().write(request.http());
    if (end || isUpgrade()) {
      connection.context().write(LastHttpContent.EMPTY_LAST_CONTENT);
    }
    connection.context().flush();
    outEnded = end && !isUpgrade();
    heldEnd = end && isUpgrade();
  }

  @Override
  public EventExecutor executor() {
    return connection.executor();
  }

  @Override
  public void listen(Listener listener) {
    connection.runInLoop(() -> inbound.listen(listener));
  }

  @Override
  public void sendHead(Http2Headers head, boolean end) {
    throw new IllegalStateException("stream: the request's head was sent when it was opened");
  }

  @Override
  public void sendData(ByteBuf data, boolean end) {
    connection.runInLoop(() -> sendDataNow(data, end));
  }

  private void sendDataNow(ByteBuf data, boolean end) {
    int bytes = data.readableBytes();
    if (phase == Phase.OVER || outEnded || heldEnd) {
      data.release();
      inbound.sent(bytes);
    } else if (phase == Phase.RAW) {
      write(data, data, bytes);
      if (end) {
        endRaw();
      }
    } else if (isUpgrade()) {
      hold(data, end);
    } else if (!fits(bytes, end)) {
      data.release();
      inbound.sent(bytes);
      fail(Reset.PROTOCOL);
    } else {
      if (bytes > 0) {
        write(new DefaultHttpContent(data), data, bytes);
      } else {
        data.release();
      }
      if (end) {
        endBody(LastHttpContent.EMPTY_LAST_CONTENT);
      }
    }
  }

  /** More or less than was announced would make the server misread the next request. */
  private boolean fits(int bytes, boolean end) {
    sentBody += bytes;
    long length = request.length();
    return length == Http1ClientRequest.CHUNKED || (end ? sentBody == length : sentBody <= length);
  }

  private void hold(ByteBuf data, boolean end) {
    held.add(data);
    heldBytes += data.readableBytes();
    heldEnd = end;
    if (heldBytes > 2L * window) {
      fail(Reset.PROTOCOL);
    }
  }

  private void write(Object message, ByteBuf data, int bytes) {
    if (bytes == 0) {
      data.release();
      return;
    }
    ChannelPromise written = connection.context().newPromise();
    metrics.buffered(bytes);
    written.addListener(
        future -> {
          metrics.left(bytes, future.isSuccess());
          inbound.sent(bytes);
        });
    connection.context().writeAndFlush(message, written);
  }

  @Override
  public void sendTrailers(Http2Headers trailers) {
    connection.runInLoop(
        () -> {
          if (isUpgrade() || request.length() != Http1ClientRequest.CHUNKED) {
            sendDataNow(Unpooled.EMPTY_BUFFER, true);
          } else if (phase != Phase.OVER && !outEnded) {
            LastHttpContent last = new DefaultLastHttpContent();
            for (Map.Entry<CharSequence, CharSequence> field : trailers) {
              last.trailingHeaders().add(field.getKey(), field.getValue());
            }
            endBody(last);
          }
        });
  }

  private void endBody(LastHttpContent last) {
    outEnded = true;
    connection.context().writeAndFlush(last);
    finishIfEnded();
  }

  private void endRaw() {
    outEnded = true;
    if (inEnded) {
      finishIfEnded();
    } else {
      connection.endOutput();
    }
  }

  @Override
  public void consume(int bytes) {
    connection.runInLoop(
        () -> {
          unconsumed -= bytes;
          if (paused && phase != Phase.OVER && unconsumed <= window / 2) {
            paused = false;
            connection.pauseReading(false);
          }
        });
  }

  @Override
  public void reset(Reset reason) {
    connection.runInLoop(
        () -> {
          if (phase != Phase.OVER) {
            phase = Phase.OVER;
            inbound.silence();
            dropHeld();
            if (reason == Reset.NO_ERROR) {
              connection.closeNow();
            } else {
              connection.abort();
            }
          }
        });
  }

  void receivedHead(HttpResponse response) {
    int status = response.status().code();
    if (phase != Phase.AWAITING_HEAD || response.decoderResult().isFailure()) {
      fail(Reset.PROTOCOL);
    } else if (status == 101) {
      if (!isUpgrade() || Http1ClientResponse.switchedTo(response) == null) {
        fail(Reset.PROTOCOL);
      } else {
        phase = Phase.RAW;
        inbound.head(Http1ClientResponse.head(response), false);
      }
    } else if (status < 200) {
      skipping = true;
    } else if (isUpgrade() && status < 400) {
      fail(Reset.PROTOCOL);
    } else {
      phase = Phase.BODY;
      framed = Http1ClientResponse.isFramed(response, request.isHead());
      reusable = framed && !isUpgrade() && HttpUtil.isKeepAlive(response);
      inEnded = Http1ClientResponse.isEmpty(response, request.isHead());
      inbound.head(Http1ClientResponse.head(response), inEnded);
    }
  }

  void receivedContent(HttpContent content) {
    boolean last = content instanceof LastHttpContent;
    if (skipping) {
      skipping = !last;
      content.release();
    } else if (phase == Phase.RAW) {
      content.release();
      if (last) {
        connection.switchToRaw();
        sendHeld();
      }
    } else if (phase != Phase.BODY) {
      content.release();
    } else if (content.decoderResult().isFailure()) {
      content.release();
      fail(Reset.PROTOCOL);
    } else if (inEnded) {
      content.release();
      finishIfEnded();
    } else {
      receivedBody(content, last);
    }
  }

  private void receivedBody(HttpContent content, boolean last) {
    if (last && !framed && !connection.endedInOrder()) {
      content.release();
      fail(Reset.INTERNAL);
      return;
    }
    Http2Headers trailers =
        last ? Http1ClientResponse.trailers((LastHttpContent) content) : Heads.create();
    if (content.content().isReadable() || last && trailers.isEmpty()) {
      received(content.content(), last && trailers.isEmpty());
    } else {
      content.release();
    }
    if (last) {
      inEnded = true;
      if (!trailers.isEmpty()) {
        inbound.trailers(trailers);
      }
      finishIfEnded();
    }
  }

  void receivedRaw(ByteBuf data) {
    if (phase == Phase.RAW && !inEnded) {
      received(data, false);
    } else {
      data.release();
    }
  }

  private void received(ByteBuf data, boolean end) {
    metrics.received(data.readableBytes());
    unconsumed += data.readableBytes();
    if (!paused && unconsumed > window) {
      paused = true;
      connection.pauseReading(true);
    }
    inbound.data(data, end);
  }

  /** The server ended its direction of a raw connection. */
  void receivedEnd(boolean inOrder) {
    if (inEnded || phase != Phase.RAW) {
      return;
    }
    inEnded = true;
    if (inOrder) {
      inbound.data(Unpooled.EMPTY_BUFFER, true);
      finishIfEnded();
    } else {
      fail(Reset.CONNECTION_LOST);
    }
  }

  void connectionClosed() {
    if (phase != Phase.OVER) {
      boolean headSeen = phase != Phase.AWAITING_HEAD;
      phase = Phase.OVER;
      dropHeld();
      if (!inEnded || !outEnded) {
        inbound.reset(headSeen ? Reset.INTERNAL : Reset.CONNECTION_LOST);
      }
    }
  }

  private void sendHeld() {
    for (ByteBuf data; (data = held.poll()) != null; ) {
      write(data, data, data.readableBytes());
    }
    if (heldEnd) {
      endRaw();
    }
  }

  private void dropHeld() {
    for (ByteBuf data; (data = held.poll()) != null; ) {
      int bytes = data.readableBytes();
      data.release();
      inbound.sent(bytes);
    }
  }

  private void finishIfEnded() {
    if (isUpgrade() && inEnded && phase == Phase.BODY) {
      // Refused: what the requester sent after its head is of no use to anybody.
      outEnded = true;
      dropHeld();
    }
    if (inEnded && outEnded && phase != Phase.OVER) {
      phase = Phase.OVER;
      if (reusable) {
        connection.idle();
      } else {
        connection.closeNow();
      }
    }
  }

  private void fail(Reset reason) {
    if (phase != Phase.OVER) {
      phase = Phase.OVER;
      inbound.reset(reason);
      dropHeld();
      connection.abort();
    }
  }
}
