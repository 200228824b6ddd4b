package dev.fairlead.testkit.cluster.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import org.jspecify.annotations.Nullable;

/**
 * A process over a WebSocket, by Kubernetes' remote command subprotocols version 4 and 5: each
 * message begins with the number of its stream; version 5 adds a message that closes one.
 */
final class WebSocketProcess extends SimpleChannelInboundHandler<WebSocketFrame> {
  private static final int STDIN = 0;
  private static final int STDOUT = 1;
  private static final int STDERR = 2;
  private static final int ERROR = 3;
  private static final int CLOSE = 255;

  private final Reply.Interactive reply;
  private final boolean canClose;
  private @Nullable ProcessPump pump;

  WebSocketProcess(Reply.Interactive reply, boolean canClose) {
    this.reply = reply;
    this.canClose = canClose;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    // An empty message tells the client that the streams are there.
    send(ctx, STDOUT, new byte[0]);
    pump =
        new ProcessPump(
            ctx,
            reply.start().get(),
            new ProcessPump.Sink() {
              @Override
              public void output(Process.Output output) {
                if (output.error() ? reply.stderr() : reply.stdout()) {
                  send(ctx, output.error() ? STDERR : STDOUT, output.bytes());
                }
              }

              @Override
              public void exited(int code) {
                send(ctx, ERROR, ExitStatus.json(code));
                ctx.writeAndFlush(new CloseWebSocketFrame(1000, ""));
                Linger.closeAfterPeer(ctx);
              }
            });
    ProcessPump started = pump;
    ctx.executor().execute(started::start);
  }

  private static void send(ChannelHandlerContext ctx, int stream, byte[] bytes) {
    ctx.write(
        new BinaryWebSocketFrame(
            Unpooled.wrappedBuffer(
                Unpooled.wrappedBuffer(new byte[] {(byte) stream}),
                Unpooled.wrappedBuffer(bytes))));
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, WebSocketFrame frame) {
    if (frame instanceof PingWebSocketFrame) {
      ctx.writeAndFlush(new PongWebSocketFrame(frame.content().retain()));
    } else if (frame instanceof CloseWebSocketFrame) {
      ctx.writeAndFlush(new CloseWebSocketFrame(1000, "")).addListener(ChannelFutureListener.CLOSE);
    } else if (frame.content().isReadable() && pump != null) {
      ByteBuf content = frame.content();
      int stream = content.readUnsignedByte();
      if (stream == STDIN) {
        pump.stdin(ByteBufUtil.getBytes(content));
      } else if (stream == CLOSE
          && canClose
          && content.isReadable()
          && content.readUnsignedByte() == STDIN) {
        pump.stdinClosed();
      }
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
