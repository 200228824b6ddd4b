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
import org.jspecify.annotations.Nullable;

/**
 * The event loops of a transport, its own or lent ones, and its connections on them. Threads of its
 * own begin with the first connection.
 */
final class Loops implements AutoCloseable {

  private static final int FLUSH_SECONDS = 1;
  private static final int CLOSE_SECONDS = 5;

  private final Sockets sockets;
  private final EventLoopGroup group;
  private final boolean lent;
  private final ChannelGroup connections;

  private Loops(String name, Sockets sockets, EventLoopGroup group, boolean lent) {
    this.sockets = sockets;
    this.group = group;
    this.lent = lent;
    this.connections = new DefaultChannelGroup(name, GlobalEventExecutor.INSTANCE, true);
  }

  /** The lent ones, if there are any, else so many new ones of this name. */
  static Loops of(@Nullable EventLoopGroup lent, String name, int threads) {
    if (lent != null) {
      return new Loops(name, Sockets.of(lent), lent, true);
    }
    Sockets best = Sockets.best();
    return new Loops(name, best, best.loops(threads, new DefaultThreadFactory(name, true)), false);
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
   * Gives the last frames a moment to leave, then closes what is left and stops threads of its own.
   * Called on one of them, it waits for nothing: what it would wait for is done by the same thread.
   */
  @Override
  public void close() {
    if (EventLoops.isOneOf(group)) {
      connections.close();
    } else {
      connections.newCloseFuture().awaitUninterruptibly(FLUSH_SECONDS, TimeUnit.SECONDS);
      connections.close().awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
    }
    if (!lent) {
      EventLoops.stop(group);
    }
  }
}
