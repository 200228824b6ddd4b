package dev.fairlead.testkit.cluster.wire;

import io.netty.channel.ChannelHandlerContext;
import java.util.concurrent.TimeUnit;

/**
 * Leaves the closing of a connection to the peer, so that what was sent last is not lost to a
 * reset.
 */
final class Linger {
  private static final long SECONDS = 5;

  private Linger() {}

  static void closeAfterPeer(ChannelHandlerContext ctx) {
    ctx.channel().config().setAutoRead(true);
    var timer = ctx.executor().schedule(() -> ctx.close(), SECONDS, TimeUnit.SECONDS);
    ctx.channel().closeFuture().addListener(closed -> timer.cancel(false));
  }
}
