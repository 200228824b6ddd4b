package dev.fairlead.core.inner;

import dev.fairlead.api.FairleadException;
import dev.fairlead.api.transport.Pipe;
import dev.fairlead.core.pipe.ChannelPipe;
import dev.fairlead.core.pipe.ChannelPipe.Signal;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;

/** An agent's pipe on its way: until the hub says that it has accepted the agent. */
final class InnerDial extends InnerChannel {

  private final ChannelPipe pipe;

  InnerDial(Pipe bare, SslHandler tls, ChannelPipe pipe) {
    super(bare, tls, true);
    this.pipe = pipe;
  }

  @Override
  void secured(ChannelHandlerContext ctx, SslHandler handler) {
    // The hub speaks next.
  }

  @Override
  void failed(FairleadException why) {
    pipe.failed(why);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof InnerEncoder.Open) {
      done();
      ctx.pipeline().replace(this, null, pipe);
    } else if (message instanceof Signal.Broken broken
        && broken.cause() instanceof FairleadException why) {
      fail(why);
    } else {
      ReferenceCountUtil.release(message);
    }
  }
}
