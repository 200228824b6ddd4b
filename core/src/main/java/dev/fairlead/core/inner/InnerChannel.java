package dev.fairlead.core.inner;

import dev.fairlead.api.FairleadException;
import dev.fairlead.api.TransportException;
import dev.fairlead.api.transport.Pipe;
import dev.fairlead.core.tunnel.PipeChannel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import org.jspecify.annotations.Nullable;

/** TLS over a pipe, up to the moment at which the handshake is over. On one event loop. */
abstract class InnerChannel extends ChannelInboundHandlerAdapter {

  private final PipeChannel channel;
  private final SslHandler tls;
  private final boolean agent;
  private boolean over;

  InnerChannel(Pipe bare, SslHandler tls, boolean agent) {
    this.channel = new PipeChannel(bare);
    this.tls = tls;
    this.agent = agent;
  }

  final void start(EventLoop loop) {
    channel.pipeline().addLast(tls, new InnerDecoder(agent), new InnerEncoder(), this);
    channel.start(loop);
    loop.execute(() -> channel.whenPipeClosed(this::pipeClosed));
  }

  /** The peer is who it has to be; this handler stays the last one until it is replaced. */
  abstract void secured(ChannelHandlerContext ctx, SslHandler handler);

  /** It came to nothing. At most once, and not after {@link #done}. */
  abstract void failed(FairleadException why);

  /** What happens from now on is no longer this handler's matter. */
  final void done() {
    over = true;
  }

  final void close() {
    channel.close();
  }

  final void fail(FairleadException why) {
    if (!over) {
      over = true;
      failed(why);
    }
    close();
  }

  private void pipeClosed() {
    fail(lost(channel.cause()));
  }

  private static FairleadException lost(@Nullable Throwable cause) {
    return cause instanceof FairleadException known
        ? known
        : new TransportException(
            "the connection was lost before the peer had answered"
                + (cause == null || cause.getMessage() == null ? "" : ": " + cause.getMessage()),
            cause);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslHandshakeCompletionEvent handshake && !over) {
      if (handshake.isSuccess()) {
        secured(ctx, tls);
      } else if (channel.cause() == null) {
        fail(
            new TransportException(
                "inner TLS: "
                    + handshake.cause().getMessage()
                    + " (is this the hub's own certificate, and is the hub set to be behind a load"
                    + " balancer?)",
                handshake.cause()));
      }
    }
    ctx.fireUserEventTriggered(event);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    fail(lost(cause));
  }
}
