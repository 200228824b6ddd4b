package dev.fairlead.testkit.cluster.wire;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketHandshakeException;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker13;
import io.netty.handler.codec.spdy.SpdyFrameCodec;
import io.netty.handler.codec.spdy.SpdyVersion;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns an HTTP/1.1 connection into a WebSocket or SPDY/3.1 connection with the handler the reply
 * needs.
 */
final class Upgrades {
  private static final int MAX_MESSAGE = 4 << 20;
  private static final String STREAM_PROTOCOL = "X-Stream-Protocol-Version";
  private static final String PROCESS_V5 = "v5.channel.k8s.io";
  private static final String PROCESS_V4 = "v4.channel.k8s.io";
  private static final String FORWARD = "portforward.k8s.io";
  private static final String TUNNELLED_FORWARD = "SPDY/3.1+" + FORWARD;

  private Upgrades() {}

  static void perform(
      ChannelHandlerContext ctx,
      ChannelHandler self,
      HttpRequest request,
      Reply reply,
      Endpoint endpoint) {
    String protocol = request.headers().get(HttpHeaderNames.UPGRADE, "");
    if (protocol.equalsIgnoreCase("websocket")) {
      webSocket(ctx, self, request, reply, endpoint);
    } else if (protocol.equalsIgnoreCase("SPDY/3.1")) {
      spdy(ctx, self, request, reply, endpoint);
    } else {
      refuse(ctx, endpoint.refuse(400, "unknown upgrade protocol"), null);
    }
  }

  private static void webSocket(
      ChannelHandlerContext ctx,
      ChannelHandler self,
      HttpRequest request,
      Reply reply,
      Endpoint endpoint) {
    String offered = request.headers().get(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, "");
    String supported =
        reply instanceof Reply.Interactive
            ? PROCESS_V5 + "," + PROCESS_V4
            : reply instanceof Reply.Forwarded ? TUNNELLED_FORWARD + "," + PROCESS_V4 : null;
    if (supported != null
        && List.of(offered.split(" *, *")).stream()
            .noneMatch(List.of(supported.split(","))::contains)) {
      String found = offered.isEmpty() ? "none" : offered;
      refuse(
          ctx,
          endpoint.refuse(400, "WebSocket subprotocol " + found + " (expected: " + supported + ")"),
          null);
      return;
    }
    WebSocketServerHandshaker handshaker =
        new WebSocketServerHandshaker13(request.uri(), supported, false, MAX_MESSAGE);
    DefaultFullHttpRequest full =
        new DefaultFullHttpRequest(
            request.protocolVersion(),
            request.method(),
            request.uri(),
            Unpooled.EMPTY_BUFFER,
            request.headers().copy(),
            new DefaultHttpHeaders());
    try {
      handshaker.handshake(ctx.channel(), full);
    } catch (WebSocketHandshakeException e) {
      refuse(ctx, endpoint.refuse(400, "malformed WebSocket handshake"), null);
      return;
    }
    ChannelPipeline pipeline = ctx.pipeline();
    pipeline.addLast(new WebSocketFrameAggregator(MAX_MESSAGE));
    if (reply instanceof Reply.Interactive interactive) {
      boolean v5 = PROCESS_V5.equals(handshaker.selectedSubprotocol());
      pipeline.addLast(new WebSocketProcess(interactive, v5));
    } else if (reply instanceof Reply.Streamed streamed) {
      pipeline.addLast(new WebSocketStream(streamed));
    } else if (reply instanceof Reply.Forwarded forwarded
        && PROCESS_V4.equals(handshaker.selectedSubprotocol())) {
      pipeline.addLast(WebSocketForward.of(forwarded, request.uri()));
    } else if (reply instanceof Reply.Forwarded forwarded) {
      pipeline.addLast(new WebSocketTunnel());
      pipeline.addLast(new SpdyFrameCodec(SpdyVersion.SPDY_3_1));
      pipeline.addLast(new SpdyForward(forwarded));
    }
    pipeline.remove(self);
  }

  private static void spdy(
      ChannelHandlerContext ctx,
      ChannelHandler self,
      HttpRequest request,
      Reply reply,
      Endpoint endpoint) {
    String supported = reply instanceof Reply.Forwarded ? FORWARD : PROCESS_V4;
    boolean offered =
        request.headers().getAll(STREAM_PROTOCOL).stream()
            .flatMap(value -> List.of(value.split(" *, *")).stream())
            .anyMatch(supported::equals);
    if (!offered || reply instanceof Reply.Streamed) {
      refuse(
          ctx,
          endpoint.refuse(403, "unable to negotiate protocol: expected " + supported),
          supported);
      return;
    }
    FullHttpResponse response =
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.SWITCHING_PROTOCOLS);
    response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE);
    response.headers().set(HttpHeaderNames.UPGRADE, "SPDY/3.1");
    response.headers().set(STREAM_PROTOCOL, supported);
    ctx.writeAndFlush(response);
    ChannelPipeline pipeline = ctx.pipeline();
    pipeline.addLast(new SpdyFrameCodec(SpdyVersion.SPDY_3_1));
    pipeline.addLast(
        reply instanceof Reply.Interactive interactive
            ? new SpdyProcess(interactive)
            : new SpdyForward((Reply.Forwarded) reply));
    pipeline.remove(self);
    pipeline.remove(HttpServerCodec.class);
  }

  private static void refuse(
      ChannelHandlerContext ctx, Reply.Whole reply, @Nullable String accepted) {
    FullHttpResponse response = ExchangeHandler.whole(reply);
    if (accepted != null) {
      response.headers().set("X-Accepted-Stream-Protocol-Versions", accepted);
    }
    response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    ctx.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
  }
}
