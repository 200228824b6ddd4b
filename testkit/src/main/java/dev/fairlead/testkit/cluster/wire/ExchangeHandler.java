package dev.fairlead.testkit.cluster.wire;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * Collects each request, has it answered and writes the reply; the same over HTTP/1.1 and one
 * HTTP/2 stream.
 */
final class ExchangeHandler extends SimpleChannelInboundHandler<HttpObject> {
  private static final int MAX_BODY = 3 << 20;
  private static final String TOO_LARGE = "Request entity too large: limit is " + MAX_BODY;
  private static final int MAX_PARAMETERS = 1024;

  private final Endpoint endpoint;
  private final @Nullable X500Principal certificate;
  private final boolean upgradable;
  private final CompositeByteBuf body = Unpooled.compositeBuffer(4096);
  private @Nullable HttpRequest head;
  private @Nullable StreamPump pump;
  private boolean refused;

  ExchangeHandler(Endpoint endpoint, @Nullable X500Principal certificate, boolean upgradable) {
    this.endpoint = endpoint;
    this.certificate = certificate;
    this.upgradable = upgradable;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, HttpObject message) {
    if (refused) {
      if (message instanceof LastHttpContent) {
        ctx.close();
      }
      return;
    }
    if (message.decoderResult().isFailure()) {
      refuse(ctx, 400, "the request is not well-formed HTTP");
      ctx.close();
      return;
    }
    if (message instanceof HttpRequest request) {
      if (pump != null) {
        // Nobody pipelines behind a watch; the answer could never be sent.
        ctx.close();
        return;
      }
      head = request;
      body.clear();
      if (HttpUtil.getContentLength(request, 0L) > MAX_BODY) {
        refuse(ctx, 413, TOO_LARGE);
        return;
      }
      if (HttpUtil.is100ContinueExpected(request)) {
        ctx.writeAndFlush(
            new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
      }
    }
    if (message instanceof HttpContent content && head != null) {
      if (body.readableBytes() + content.content().readableBytes() > MAX_BODY) {
        refuse(ctx, 413, TOO_LARGE);
        return;
      }
      body.addComponent(true, content.content().retain());
      if (message instanceof LastHttpContent) {
        HttpRequest request = head;
        head = null;
        answer(ctx, request);
      }
    }
  }

  /**
   * Answers at once; what still comes is thrown away, so that the answer is not lost to a reset.
   */
  private void refuse(ChannelHandlerContext ctx, int status, String message) {
    refused = true;
    head = null;
    body.clear();
    FullHttpResponse response = whole(endpoint.refuse(status, message));
    response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    ctx.writeAndFlush(response);
    Linger.closeAfterPeer(ctx);
  }

  private void answer(ChannelHandlerContext ctx, HttpRequest request) {
    WireRequest wire;
    try {
      wire = read(request);
    } catch (IllegalArgumentException e) {
      refuse(ctx, 400, "the request target is malformed");
      ctx.close();
      return;
    } finally {
      body.removeComponents(0, body.numComponents()).clear();
    }
    Reply reply = endpoint.answer(wire);
    boolean upgrade = upgradable && request.headers().contains(HttpHeaderNames.UPGRADE);
    if (upgrade && !(reply instanceof Reply.Whole)) {
      Upgrades.perform(ctx, this, request, reply, endpoint);
    } else if (reply instanceof Reply.Whole whole) {
      send(ctx, request, whole(whole));
    } else if (reply instanceof Reply.Streamed streamed) {
      stream(ctx, streamed);
    } else {
      send(ctx, request, whole(endpoint.refuse(400, "Upgrade request required")));
    }
  }

  private WireRequest read(HttpRequest request) {
    QueryStringDecoder target =
        new QueryStringDecoder(request.uri(), StandardCharsets.UTF_8, true, MAX_PARAMETERS);
    Map<String, List<String>> headers = new LinkedHashMap<>();
    request
        .headers()
        .forEach(
            header ->
                headers
                    .computeIfAbsent(
                        header.getKey().toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                    .add(header.getValue()));
    return new WireRequest(
        request.method().name(),
        request.uri(),
        target.path(),
        target.parameters(),
        headers,
        ByteBufUtil.getBytes(body),
        certificate);
  }

  static FullHttpResponse whole(Reply.Whole reply) {
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(reply.status()),
            Unpooled.wrappedBuffer(reply.body()));
    reply.headers().forEach(response.headers()::set);
    HttpUtil.setContentLength(response, reply.body().length);
    return response;
  }

  private static void send(
      ChannelHandlerContext ctx, HttpRequest request, FullHttpResponse response) {
    boolean keepAlive = HttpUtil.isKeepAlive(request);
    HttpUtil.setKeepAlive(response, keepAlive);
    var written = ctx.writeAndFlush(response);
    if (!keepAlive) {
      written.addListener(ChannelFutureListener.CLOSE);
    }
  }

  private void stream(ChannelHandlerContext ctx, Reply.Streamed reply) {
    HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, reply.contentType());
    if (upgradable) {
      HttpUtil.setTransferEncodingChunked(response, true);
    }
    ctx.writeAndFlush(response);
    pump =
        new StreamPump(
            ctx,
            reply,
            chunk -> new DefaultHttpContent(Unpooled.wrappedBuffer(chunk)),
            () -> {
              pump = null;
              ctx.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
            });
    pump.start();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (pump != null) {
      pump.run();
    }
    ctx.fireChannelWritabilityChanged();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (pump != null) {
      pump.close();
    }
    ctx.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    body.release();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    // A broken connection or stream ends its own exchange only; there is nobody left to tell.
    ctx.close();
  }
}
