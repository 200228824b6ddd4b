package dev.fairlead.core.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The server's end of an HTTP/1.1 connection (RFC 9112) as a channel handler. Requests are taken
 * one after the other: the next one is not read before the response to the former is complete. A
 * connection on which anything was malformed, cut short or refused an upgrade serves no further
 * request.
 */
public final class Http1ServerConnection extends ChannelInboundHandlerAdapter {

  /**
   * A user event that lets the connection close after the request under way, or at once if there is
   * none.
   */
  public static final Object DRAIN = new Object();

  private static final int MOST_WAITING = 1_024;

  private final LinkSettings settings;
  private final Acceptor acceptor;
  private final Consumer<Channel> handedOver;
  private final HttpRequestDecoder decoder;
  private final Http1ResponseEncoder encoder = new Http1ResponseEncoder();
  private final Queue<Object> waiting = new ArrayDeque<>();
  private @Nullable Http1ServerStream current;
  private boolean over;
  private boolean draining;

  private Http1ServerConnection(
      LinkSettings settings, Acceptor acceptor, Consumer<Channel> handedOver) {
    this.settings = settings;
    this.acceptor = acceptor;
    this.handedOver = handedOver;
    this.decoder =
        new HttpRequestDecoder(
            new HttpDecoderConfig()
                .setMaxInitialLineLength(settings.maxHeaderList())
                .setMaxHeaderSize(settings.maxHeaderList())
                .setMaxChunkSize(64 * 1024)
                .setStrictLineParsing(true)
                .setValidateHeaders(true));
  }

  /**
   * Lets a channel speak HTTP/1.1.
   *
   * @param pipeline the channel's pipeline, to whose end the codec and the connection are added
   * @param settings the bounds; the number of streams is one
   * @param acceptor gets each request; {@code :protocol} tells what an upgrade asks for
   */
  public static void install(ChannelPipeline pipeline, LinkSettings settings, Acceptor acceptor) {
    install(pipeline, settings, acceptor, channel -> {});
  }

  /**
   * Lets a channel speak HTTP/1.1.
   *
   * @param pipeline the channel's pipeline, to whose end the codec and the connection are added
   * @param settings the bounds; the number of streams is one
   * @param acceptor gets each request; {@code :protocol} tells what an upgrade asks for
   * @param handedOver gets the channel if it is {@link #handOver handed over}
   */
  public static void install(
      ChannelPipeline pipeline,
      LinkSettings settings,
      Acceptor acceptor,
      Consumer<Channel> handedOver) {
    Http1ServerConnection connection = new Http1ServerConnection(settings, acceptor, handedOver);
    pipeline.addLast(connection.decoder, connection.encoder, connection);
  }

  /**
   * Answers an upgrade with 101 and gives the whole channel away: from the next byte on, handlers
   * of another protocol have it. On the stream's event loop, after the acceptor has returned.
   *
   * @param stream an upgrade's stream that was not answered yet
   * @param head the head of the 101
   * @param successors the other protocol's handlers, in their order
   * @return whether the channel was handed over; false if the stream is over, was answered before
   *     or is no upgrade of HTTP/1.1
   */
  public static boolean handOver(
      HttpStream stream, Http2Headers head, ChannelHandler... successors) {
    return stream instanceof Http1ServerStream ours && ours.handOver(head, successors);
  }

  void handOver(ChannelHandlerContext ctx, ChannelHandler... successors) {
    current = null;
    handedOver.accept(ctx.channel());
    ctx.pipeline().addLast(successors);
    ctx.pipeline().remove(this);
    ctx.channel().config().setAutoRead(true);
  }

  /** Closes the connection after the request under way, or at once if there is none. */
  private void drain(ChannelHandlerContext ctx) {
    draining = true;
    if (current == null) {
      close(ctx);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event == DRAIN) {
      drain(ctx);
    } else {
      Http1ServerStream stream = current;
      if (stream != null && event instanceof SslCloseCompletionEvent tls && tls.isSuccess()) {
        stream.receivedCloseNotify();
      }
      ctx.fireUserEventTriggered(event);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    Http1ServerStream stream = current;
    if (over) {
      ReferenceCountUtil.release(message);
    } else if (stream != null && stream.isRaw()) {
      stream.receivedRaw((ByteBuf) message);
    } else if (message instanceof HttpRequest request) {
      if (stream != null) {
        wait(ctx, message);
      } else {
        begin(ctx, request);
      }
    } else if (message instanceof HttpContent content) {
      if (!waiting.isEmpty()) {
        wait(ctx, message);
      } else if (stream == null) {
        content.release();
      } else {
        body(ctx, stream, content);
      }
    } else {
      ReferenceCountUtil.release(message);
    }
  }

  private void wait(ChannelHandlerContext ctx, Object message) {
    waiting.add(message);
    ctx.channel().config().setAutoRead(false);
    if (waiting.size() > MOST_WAITING) {
      close(ctx);
    }
  }

  private void begin(ChannelHandlerContext ctx, HttpRequest request) {
    String flaw = Http1Strictness.flawOf(request);
    if (flaw != null) {
      refuse(ctx, flaw);
      return;
    }
    Http2Headers head = Heads.create();
    head.method(request.method().asciiName()).path(request.uri()).scheme("https");
    String host = request.headers().get(HttpHeaderNames.HOST);
    if (host != null) {
      head.authority(host);
    }
    CharSequence protocol = Http1Fields.upgrade(request.headers());
    Http1Fields.copy(request.headers(), head);
    head.remove(HttpHeaderNames.HOST);
    if (protocol != null) {
      head.set(Heads.PROTOCOL, protocol);
      // Raw bytes will follow; SPDY clients send a length of 0, which they would then exceed.
      head.remove(HttpHeaderNames.CONTENT_LENGTH);
    }
    boolean ends = !HttpUtil.isTransferEncodingChunked(request) && declaredLength(request) == 0;
    boolean keepAlive = HttpUtil.isKeepAlive(request) && protocol == null;
    Http1ServerStream stream =
        new Http1ServerStream(ctx, this, settings, request, keepAlive, protocol != null, ends);
    current = stream;
    if (protocol == null && HttpUtil.is100ContinueExpected(request) && !ends) {
      ctx.writeAndFlush(
          new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
    }
    encoder.begin(request);
    // An upgrade's request has no body; what follows it are raw bytes.
    acceptor.accept(stream, head, ends && protocol == null);
  }

  private static long declaredLength(HttpRequest request) {
    return HttpUtil.getContentLength(request, 0L);
  }

  private void body(ChannelHandlerContext ctx, Http1ServerStream stream, HttpContent content) {
    if (content.decoderResult().isFailure()) {
      content.release();
      if (stream.broken()) {
        refuse(ctx, "request: malformed body (expected: HTTP/1.1 as in RFC 9112)");
      } else {
        close(ctx);
      }
      return;
    }
    if (stream.isUpgrade()) {
      boolean last = content instanceof LastHttpContent;
      content.release();
      if (last) {
        // From here on the codec must not see a byte: whatever follows belongs to the other
        // protocol.
        stream.switchInboundToRaw();
        ctx.pipeline().remove(decoder);
      }
      return;
    }
    stream.received(content);
  }

  /** The stream is done with in both directions; the next request may come. */
  void finished(ChannelHandlerContext ctx, boolean keepAlive) {
    current = null;
    if (!keepAlive || draining) {
      close(ctx);
      return;
    }
    ctx.channel().config().setAutoRead(true);
    while (!waiting.isEmpty() && (current == null || !(waiting.peek() instanceof HttpRequest))) {
      Object next = waiting.poll();
      if (next instanceof HttpRequest request) {
        begin(ctx, request);
      } else if (next instanceof HttpContent content) {
        Http1ServerStream stream = current;
        if (stream == null) {
          content.release();
        } else {
          body(ctx, stream, content);
        }
      }
    }
  }

  /** Closes, and serves nothing of what was read already: TLS takes its time to close. */
  void close(ChannelHandlerContext ctx) {
    over = true;
    ctx.close();
  }

  /** After a 101 nothing is encoded any more. */
  void switchOutboundToRaw(ChannelHandlerContext ctx) {
    ctx.pipeline().remove(encoder);
  }

  private void refuse(ChannelHandlerContext ctx, String flaw) {
    over = true;
    Http1Strictness.refuse(ctx, flaw);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    Http1ServerStream stream = current;
    current = null;
    waiting.forEach(ReferenceCountUtil::release);
    waiting.clear();
    if (stream != null) {
      stream.connectionLost();
    }
    ctx.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    // A client that breaks its connection, or the TLS on it, has only itself to tell.
    ctx.close();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    waiting.forEach(ReferenceCountUtil::release);
    waiting.clear();
  }
}
