package dev.fairlead.testkit.cluster.wire;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import org.jspecify.annotations.Nullable;

/** A streamed reply over a WebSocket: a watch as some clients ask for it. */
final class WebSocketStream extends SimpleChannelInboundHandler<WebSocketFrame> {
  private final Reply.Streamed reply;
  private @Nullable StreamPump pump;

  WebSocketStream(Reply.Streamed reply) {
    this.reply = reply;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    StreamPump started =
        new StreamPump(
            ctx,
            reply,
            chunk -> new TextWebSocketFrame(Unpooled.wrappedBuffer(chunk)),
            () ->
                ctx.writeAndFlush(new CloseWebSocketFrame(1000, ""))
                    .addListener(ChannelFutureListener.CLOSE));
    pump = started;
    ctx.executor().execute(started::start);
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, WebSocketFrame frame) {
    if (frame instanceof PingWebSocketFrame) {
      ctx.writeAndFlush(new PongWebSocketFrame(frame.content().retain()));
    } else if (frame instanceof CloseWebSocketFrame) {
      ctx.writeAndFlush(new CloseWebSocketFrame(1000, "")).addListener(ChannelFutureListener.CLOSE);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (pump != null) {
      pump.run();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (pump != null) {
      pump.close();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }
}
