package dev.fairlead.testkit.cluster.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.ArrayList;
import java.util.List;

/**
 * Forwarded ports over a WebSocket of subprotocol {@code v4.channel.k8s.io}: one connection for
 * each port of the query, with a channel for data and one for errors, on both of which the port
 * comes first.
 */
final class WebSocketForward extends SimpleChannelInboundHandler<WebSocketFrame> {
  private static final int MAX_PORTS = 16;

  private final Reply.Forwarded reply;
  private final List<Integer> ports;
  private final List<ProcessPump> connections = new ArrayList<>();

  private WebSocketForward(Reply.Forwarded reply, List<Integer> ports) {
    this.reply = reply;
    this.ports = ports;
  }

  /** {@return a handler for the ports that a request's query names; none if that cannot be} */
  static WebSocketForward of(Reply.Forwarded reply, String uri) {
    List<Integer> ports = new ArrayList<>();
    for (String value : new QueryStringDecoder(uri).parameters().getOrDefault("ports", List.of())) {
      for (String port : value.split(",", -1)) {
        if (port.matches("[0-9]{1,5}") && ports.size() < MAX_PORTS) {
          ports.add(Integer.valueOf(port));
        }
      }
    }
    return new WebSocketForward(reply, ports);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    for (int i = 0; i < ports.size(); i++) {
      int port = ports.get(i);
      byte[] littleEndian = {(byte) port, (byte) (port >> 8)};
      send(ctx, 2 * i, littleEndian);
      send(ctx, 2 * i + 1, littleEndian);
      connections.add(new ProcessPump(ctx, reply.connect().apply(port), new Output(ctx, 2 * i)));
    }
    ctx.executor().execute(() -> List.copyOf(connections).forEach(ProcessPump::start));
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
    } else if (frame.content().isReadable()) {
      ByteBuf content = frame.content();
      int stream = content.readUnsignedByte();
      if (stream % 2 == 0 && stream / 2 < connections.size()) {
        connections.get(stream / 2).stdin(ByteBufUtil.getBytes(content));
      }
    }
  }

  private final class Output implements ProcessPump.Sink {
    private final ChannelHandlerContext ctx;
    private final int stream;

    Output(ChannelHandlerContext ctx, int stream) {
      this.ctx = ctx;
      this.stream = stream;
    }

    @Override
    public void output(Process.Output output) {
      send(ctx, stream, output.bytes());
    }

    /** The subprotocol cannot close one channel, so the last connection closes all. */
    @Override
    public void exited(int code) {
      if (connections.stream().allMatch(ProcessPump::ended)) {
        ctx.writeAndFlush(new CloseWebSocketFrame(1000, ""));
        Linger.closeAfterPeer(ctx);
      }
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    connections.forEach(ProcessPump::run);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    connections.forEach(ProcessPump::close);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }
}
