package dev.fairlead.core.hub;

import dev.fairlead.core.pipe.Sockets;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The threads of a hub. */
final class HubThreads {

  private static final int LOOKUP_THREADS = 4;
  private static final int LOOKUPS_WAITING = 1_000;

  private HubThreads() {}

  /**
   * One event loop per core but one, which is left to the audit trail and to gRPC's threads;
   * tunnels and doors share them, so that a request changes threads as seldom as can be.
   */
  static EventLoopGroup eventLoops() {
    return Sockets.best()
        .loops(
            Math.max(1, Runtime.getRuntime().availableProcessors() - 1),
            new DefaultThreadFactory("fairlead-hub", true));
  }

  /** For look-ups in stores on a request's way; a look-up too many is refused at once. */
  static ExecutorService lookups() {
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            LOOKUP_THREADS,
            LOOKUP_THREADS,
            30,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(LOOKUPS_WAITING),
            new DefaultThreadFactory("fairlead-hub-lookup", true));
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }
}
