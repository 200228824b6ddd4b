package dev.fairlead.testkit.cluster.wire;

import io.netty.channel.ChannelHandlerContext;
import java.util.concurrent.RejectedExecutionException;

/** Calls a pump from another thread. */
final class Wake {
  private Wake() {}

  static void up(ChannelHandlerContext ctx, Runnable pump) {
    try {
      ctx.executor().execute(pump);
    } catch (RejectedExecutionException e) {
      // The server is closing: its threads are gone, and so is the connection the pump would have
      // written to.
      ctx.close();
    }
  }
}
