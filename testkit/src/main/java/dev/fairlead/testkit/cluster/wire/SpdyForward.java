package dev.fairlead.testkit.cluster.wire;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.spdy.DefaultSpdyDataFrame;
import io.netty.handler.codec.spdy.DefaultSpdyRstStreamFrame;
import io.netty.handler.codec.spdy.SpdyDataFrame;
import io.netty.handler.codec.spdy.SpdyFrame;
import io.netty.handler.codec.spdy.SpdyPingFrame;
import io.netty.handler.codec.spdy.SpdyRstStreamFrame;
import io.netty.handler.codec.spdy.SpdyStreamStatus;
import io.netty.handler.codec.spdy.SpdySynStreamFrame;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Forwarded ports over SPDY/3.1: each connection is an error stream and a data stream of one
 * request id.
 */
final class SpdyForward extends SimpleChannelInboundHandler<SpdyFrame> {
  private static final int MAX_CONNECTIONS = 256;

  private final Reply.Forwarded reply;
  private final Map<Integer, ProcessPump> connections = new HashMap<>();
  private final Map<String, Integer> errorStreams = new HashMap<>();

  SpdyForward(Reply.Forwarded reply) {
    this.reply = reply;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    reply.until().whenGone(() -> Wake.up(ctx, ctx::close));
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, SpdyFrame frame) {
    if (frame instanceof SpdyPingFrame ping) {
      ctx.writeAndFlush(ping);
    } else if (frame instanceof SpdySynStreamFrame opened) {
      open(ctx, opened);
    } else if (frame instanceof SpdyDataFrame data) {
      ProcessPump connection = connections.get(data.streamId());
      if (connection != null) {
        if (data.content().isReadable()) {
          connection.stdin(ByteBufUtil.getBytes(data.content()));
        }
        if (data.isLast()) {
          connection.stdinClosed();
        }
      }
    } else if (frame instanceof SpdyRstStreamFrame reset) {
      ProcessPump connection = connections.remove(reset.streamId());
      if (connection != null) {
        connection.close();
      }
    }
  }

  private void open(ChannelHandlerContext ctx, SpdySynStreamFrame opened) {
    int stream = opened.streamId();
    String type = String.valueOf(opened.headers().getAsString(SpdyReplies.STREAM_TYPE));
    String id = String.valueOf(opened.headers().getAsString("requestid"));
    int port;
    try {
      port = Integer.parseInt(String.valueOf(opened.headers().getAsString("port")));
    } catch (NumberFormatException e) {
      port = 0;
    }
    if (port == 0 || connections.size() + errorStreams.size() > MAX_CONNECTIONS) {
      ctx.writeAndFlush(new DefaultSpdyRstStreamFrame(stream, SpdyStreamStatus.REFUSED_STREAM));
      return;
    }
    ctx.writeAndFlush(SpdyReplies.accept(stream, type));
    if (type.equals("error")) {
      errorStreams.put(id, stream);
    } else if (type.equals("data")) {
      ProcessPump connection =
          new ProcessPump(ctx, reply.connect().apply(port), new Output(ctx, stream, id));
      connections.put(stream, connection);
      connection.start();
    }
  }

  private final class Output implements ProcessPump.Sink {
    private final ChannelHandlerContext ctx;
    private final int stream;
    private final String id;

    Output(ChannelHandlerContext ctx, int stream, String id) {
      this.ctx = ctx;
      this.stream = stream;
      this.id = id;
    }

    @Override
    public void output(Process.Output output) {
      ctx.write(new DefaultSpdyDataFrame(stream, Unpooled.wrappedBuffer(output.bytes())));
    }

    @Override
    public void exited(int code) {
      connections.remove(stream);
      ctx.write(new DefaultSpdyDataFrame(stream).setLast(true));
      Integer errorStream = errorStreams.remove(id);
      if (errorStream != null) {
        ctx.write(new DefaultSpdyDataFrame(errorStream).setLast(true));
      }
      ctx.flush();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    List.copyOf(connections.values()).forEach(ProcessPump::run);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    reply.until().close();
    connections.values().forEach(ProcessPump::close);
    connections.clear();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }
}
