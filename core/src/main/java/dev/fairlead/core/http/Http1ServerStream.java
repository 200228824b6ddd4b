package dev.fairlead.core.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.concurrent.EventExecutor;

/**
 * The request under way on an {@link Http1ServerConnection}. State is touched on the event loop
 * only.
 */
final class Http1ServerStream implements HttpStream {

  /** Heads were checked when they came in. */
  private static final HttpHeadersFactory UNCHECKED =
      DefaultHttpHeadersFactory.headersFactory().withValidation(false);

  private final ChannelHandlerContext ctx;
  private final Http1ServerConnection connection;
  private final InboundQueue inbound = new InboundQueue();
  private final int window;
  private final boolean http10;
  private final boolean headRequest;
  private final boolean upgrade;
  private boolean keepAlive;
  private boolean inEnded;
  private boolean outEnded;
  private boolean headSent;
  private boolean inRaw;
  private boolean outRaw;
  private boolean over;
  private boolean flushScheduled;
  private boolean unflushed;
  private int unconsumed;

  Http1ServerStream(
      ChannelHandlerContext ctx,
      Http1ServerConnection connection,
      LinkSettings settings,
      HttpRequest request,
      boolean keepAlive,
      boolean upgrade,
      boolean ends) {
    this.ctx = ctx;
    this.connection = connection;
    this.window = settings.streamWindow();
    this.http10 = request.protocolVersion().minorVersion() == 0;
    this.headRequest = request.method().equals(HttpMethod.HEAD);
    this.keepAlive = keepAlive;
    this.upgrade = upgrade;
    this.inEnded = ends && !upgrade;
  }

  @Override
  public EventExecutor executor() {
    return ctx.executor();
  }

  private void runInLoop(Runnable task) {
    if (executor().inEventLoop()) {
      task.run();
    } else {
      executor().execute(task);
    }
  }

  @Override
  public void listen(Listener listener) {
    runInLoop(() -> inbound.listen(listener));
  }

  // Inbound, from the connection.

  boolean isUpgrade() {
    return upgrade;
  }

  boolean isRaw() {
    return inRaw;
  }

  void switchInboundToRaw() {
    inRaw = true;
  }

  void received(HttpContent content) {
    boolean last = content instanceof LastHttpContent;
    if (over || inEnded) {
      content.release();
    } else if (last && !((LastHttpContent) content).trailingHeaders().isEmpty()) {
      deliver(content.content(), false);
      inEnded = true;
      Http2Headers trailers = Heads.create();
      Http1Fields.copy(((LastHttpContent) content).trailingHeaders(), trailers);
      inbound.trailers(trailers);
    } else {
      deliver(content.content(), last);
    }
    if (last) {
      finishIfDone();
    }
  }

  void receivedRaw(ByteBuf data) {
    if (over) {
      data.release();
    } else {
      deliver(data, false);
    }
  }

  /** The client says no more, and may go on to listen: proxies relay an end like that. */
  void receivedCloseNotify() {
    if (inRaw && !over && !inEnded) {
      deliver(Unpooled.EMPTY_BUFFER, true);
    }
  }

  private void deliver(ByteBuf data, boolean end) {
    inEnded |= end;
    unconsumed += data.readableBytes();
    if (unconsumed > window) {
      ctx.channel().config().setAutoRead(false);
    }
    if (data.isReadable() || end) {
      inbound.data(data, end);
    } else {
      data.release();
    }
  }

  /**
   * The request's body is malformed: it never ends in order.
   *
   * @return whether nothing was answered yet
   */
  boolean broken() {
    boolean unanswered = !over && !headSent;
    endAbruptly(Reset.PROTOCOL);
    return unanswered;
  }

  void connectionLost() {
    if (inRaw && outRaw && outEnded) {
      // The client has closed a raw connection whose other direction had ended: that is its end.
      over = true;
      if (!inEnded) {
        inbound.data(Unpooled.EMPTY_BUFFER, true);
      }
    } else {
      endAbruptly(Reset.CANCEL);
    }
  }

  private void endAbruptly(Reset reason) {
    if (!over) {
      over = true;
      inbound.reset(reason);
    }
  }

  @Override
  public void consume(int bytes) {
    runInLoop(
        () -> {
          unconsumed -= bytes;
          if (unconsumed <= window / 2 && !inEnded && !over) {
            ctx.channel().config().setAutoRead(true);
          }
        });
  }

  // Outbound, from the stream's user.

  @Override
  public void sendHead(Http2Headers head, boolean end) {
    runInLoop(
        () -> {
          if (over || headSent) {
            return;
          }
          headSent = true;
          int status = Heads.status(head);
          HttpResponse response =
              new DefaultHttpResponse(
                  HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), UNCHECKED);
          HttpHeaders headers = response.headers();
          Http1Fields.copy(head, headers);
          if (status == 101) {
            switchToRaw(response);
            return;
          }
          boolean bodiless = headRequest || status == 204 || status == 304;
          boolean framed = headers.contains(HttpHeaderNames.CONTENT_LENGTH) || bodiless;
          if (!framed && end) {
            headers.set(HttpHeaderNames.CONTENT_LENGTH, HttpHeaderValues.ZERO);
          } else if (!framed && http10) {
            keepAlive = false;
          } else if (!framed) {
            headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
          }
          // A client that still sends its body may not be listening for another response.
          keepAlive &= inEnded || !end;
          if (!keepAlive) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
          } else if (http10) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
          }
          ctx.write(response);
          if (end) {
            end(LastHttpContent.EMPTY_LAST_CONTENT);
          } else {
            flushSoon();
          }
        });
  }

  private void switchToRaw(HttpResponse response) {
    response
        .headers()
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE)
        .remove(HttpHeaderNames.CONTENT_LENGTH);
    ctx.write(response);
    ctx.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
    connection.switchOutboundToRaw(ctx);
    outRaw = true;
  }

  /** As {@link Http1ServerConnection#handOver}. */
  boolean handOver(Http2Headers head, ChannelHandler... successors) {
    if (over || headSent || !inRaw) {
      return false;
    }
    sendHead(head.status("101"), false);
    over = true;
    inbound.silence();
    connection.handOver(ctx, successors);
    return true;
  }

  @Override
  public void sendData(ByteBuf data, boolean end) {
    runInLoop(
        () -> {
          int bytes = data.readableBytes();
          if (over || outEnded || !headSent) {
            data.release();
            inbound.sent(bytes);
            return;
          }
          if (bytes > 0) {
            ChannelFuture written = ctx.write(outRaw ? data : new DefaultHttpContent(data));
            written.addListener(future -> inbound.sent(bytes));
          } else {
            data.release();
          }
          if (end) {
            end(LastHttpContent.EMPTY_LAST_CONTENT);
          } else {
            flushSoon();
          }
        });
  }

  @Override
  public void sendTrailers(Http2Headers trailers) {
    runInLoop(
        () -> {
          if (!over && !outEnded && headSent) {
            LastHttpContent last = new DefaultLastHttpContent();
            Http1Fields.copy(trailers, last.trailingHeaders());
            end(last);
          }
        });
  }

  private void end(LastHttpContent last) {
    outEnded = true;
    unflushed = false;
    if (outRaw) {
      // TLS and TCP end a direction only with the whole connection, as far as clients here can
      // tell.
      ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(future -> connection.close(ctx));
      return;
    }
    ctx.writeAndFlush(last)
        .addListener(
            future -> {
              if (!inEnded || !future.isSuccess()) {
                keepAlive = false;
              }
              finishIfDone();
            });
    if (!inEnded) {
      keepAlive = false;
    }
  }

  private void finishIfDone() {
    if (outEnded && (inEnded || !keepAlive) && !over) {
      over = true;
      inbound.silence();
      connection.finished(ctx, keepAlive);
    }
  }

  @Override
  public void reset(Reset reason) {
    runInLoop(
        () -> {
          if (!over && !(inEnded && outEnded)) {
            over = true;
            inbound.silence();
            connection.close(ctx);
          }
        });
  }

  /**
   * Flushes at the end of this turn of the event loop, unless the end did: a head and the body that
   * came with it leave in one piece.
   */
  private void flushSoon() {
    unflushed = true;
    if (!flushScheduled) {
      flushScheduled = true;
      executor()
          .execute(
              () -> {
                flushScheduled = false;
                if (unflushed) {
                  unflushed = false;
                  ctx.flush();
                }
              });
    }
  }
}
