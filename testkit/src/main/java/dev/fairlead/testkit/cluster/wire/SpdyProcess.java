package dev.fairlead.testkit.cluster.wire;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.spdy.DefaultSpdyDataFrame;
import io.netty.handler.codec.spdy.DefaultSpdyRstStreamFrame;
import io.netty.handler.codec.spdy.SpdyDataFrame;
import io.netty.handler.codec.spdy.SpdyFrame;
import io.netty.handler.codec.spdy.SpdyGoAwayFrame;
import io.netty.handler.codec.spdy.SpdyPingFrame;
import io.netty.handler.codec.spdy.SpdyRstStreamFrame;
import io.netty.handler.codec.spdy.SpdyStreamStatus;
import io.netty.handler.codec.spdy.SpdySynStreamFrame;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A process over SPDY/3.1: one stream each for error, stdin, stdout, stderr and resize, told apart
 * by their {@code streamType} header. Like the client's own implementation it leaves flow control
 * to the connection.
 */
final class SpdyProcess extends SimpleChannelInboundHandler<SpdyFrame> {
  private final Reply.Interactive reply;
  private final Map<String, Integer> streams = new HashMap<>();
  private @Nullable ProcessPump pump;

  SpdyProcess(Reply.Interactive reply) {
    this.reply = reply;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, SpdyFrame frame) {
    if (frame instanceof SpdyPingFrame ping) {
      ctx.writeAndFlush(ping);
    } else if (frame instanceof SpdySynStreamFrame opened) {
      open(ctx, opened);
    } else if (frame instanceof SpdyDataFrame data && pump != null) {
      if (Integer.valueOf(data.streamId()).equals(streams.get("stdin"))) {
        if (data.content().isReadable()) {
          pump.stdin(ByteBufUtil.getBytes(data.content()));
        }
        if (data.isLast()) {
          pump.stdinClosed();
        }
      }
    } else if (frame instanceof SpdyRstStreamFrame reset && pump != null) {
      if (Integer.valueOf(reset.streamId()).equals(streams.get("stdin"))) {
        pump.stdinClosed();
      }
    } else if (frame instanceof SpdyGoAwayFrame && pump != null && pump.ended()) {
      ctx.close();
    }
  }

  private void open(ChannelHandlerContext ctx, SpdySynStreamFrame opened) {
    String type = opened.headers().getAsString(SpdyReplies.STREAM_TYPE);
    if (type == null || pump != null || streams.putIfAbsent(type, opened.streamId()) != null) {
      ctx.writeAndFlush(
          new DefaultSpdyRstStreamFrame(opened.streamId(), SpdyStreamStatus.REFUSED_STREAM));
      return;
    }
    ctx.writeAndFlush(SpdyReplies.accept(opened.streamId(), type));
    if (streams.size() == reply.streams()) {
      ProcessPump started = new ProcessPump(ctx, reply.start().get(), new Output(ctx));
      pump = started;
      started.start();
    }
  }

  private final class Output implements ProcessPump.Sink {
    private final ChannelHandlerContext ctx;

    Output(ChannelHandlerContext ctx) {
      this.ctx = ctx;
    }

    @Override
    public void output(Process.Output output) {
      send(output.error() ? "stderr" : "stdout", output.bytes(), false);
    }

    @Override
    public void exited(int code) {
      send("error", ExitStatus.json(code), true);
      send("stdout", new byte[0], true);
      send("stderr", new byte[0], true);
      ctx.flush();
      Linger.closeAfterPeer(ctx);
    }

    private void send(String type, byte[] bytes, boolean last) {
      Integer stream = streams.get(type);
      if (stream != null) {
        DefaultSpdyDataFrame data = new DefaultSpdyDataFrame(stream, Unpooled.wrappedBuffer(bytes));
        ctx.write(data.setLast(last));
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
