package dev.fairlead.core.pipe;

import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.TimeUnit;

/**
 * How the owner of event loops stops them, be it called by one of them. Safe for use by any thread.
 */
public final class EventLoops {

  private static final int SECONDS = 5;

  private EventLoops() {}

  /**
   * Whether this is the thread of one of the loops, which must not wait for any of them.
   *
   * @param loops the loops
   * @return whether the calling thread is theirs
   */
  public static boolean isOneOf(EventLoopGroup loops) {
    for (EventExecutor loop : loops) {
      if (loop.inEventLoop()) {
        return true;
      }
    }
    return false;
  }

  /**
   * Stops the loops, and waits until they are, for five seconds at most; on one of their own
   * threads it does not wait.
   *
   * @param loops loops that the caller owns
   */
  public static void stop(EventLoopGroup loops) {
    boolean own = isOneOf(loops);
    loops.shutdownGracefully(0, SECONDS, TimeUnit.SECONDS);
    if (!own) {
      loops.terminationFuture().awaitUninterruptibly(SECONDS, TimeUnit.SECONDS);
    }
  }
}
