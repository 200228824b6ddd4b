package dev.fairlead.transport.websocket;

import dev.fairlead.core.pipe.EventLoops;
import dev.fairlead.core.pipe.Sockets;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The event loops a transport owns, and the connections on them. Threads begin with the first
 * connection.
 */
final class Loops implements AutoCloseable {

  private static final int FLUSH_SECONDS = 1;
  private static final int CLOSE_SECONDS = 5;

  private final Sockets sockets = Sockets.best();
  private final EventLoopGroup group;
  private final ChannelGroup connections;

  Loops(String name, int threads) {
    group = sockets.loops(threads, new DefaultThreadFactory(name, true));
    connections = new DefaultChannelGroup(name, GlobalEventExecutor.INSTANCE, true);
  }

  EventLoopGroup group() {
    return group;
  }

  Sockets sockets() {
    return sockets;
  }

  EventLoop next() {
    return group.next();
  }

  /** A connection that the close waits for. */
  void add(Channel connection) {
    connections.add(connection);
  }

  /**
   * Gives the last frames a moment to leave, then closes what is left and stops the threads. Called
   * on one of them, it waits for nothing: what it would wait for is done by the same thread.
   */
  @Override
  public void close() {
    if (EventLoops.isOneOf(group)) {
      connections.close();
    } else {
      connections.newCloseFuture().awaitUninterruptibly(FLUSH_SECONDS, TimeUnit.SECONDS);
      connections.close().awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
    }
    EventLoops.stop(group);
  }
}
