package dev.fairlead.core.pipe;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.util.concurrent.ThreadFactory;
import jdk.net.ExtendedSocketOptions;

/**
 * TCP sockets, and the event loops they need. {@code epoll} is Linux's own; it takes {@code
 * netty-transport-native-epoll} on the classpath, and is used where that is, unless Netty's {@code
 * io.netty.transport.noNative} is set to true. Safe for use by any thread.
 */
public enum Sockets {
  /** The JDK's. */
  NIO {
    @Override
    @SuppressWarnings("deprecation") // Netty 4.1 has no other.
    public EventLoopGroup loops(int threads, ThreadFactory factory) {
      return new NioEventLoopGroup(threads, factory);
    }

    @Override
    public Class<? extends ServerChannel> listening() {
      return NioServerSocketChannel.class;
    }

    @Override
    public Class<? extends SocketChannel> connected() {
      return NioSocketChannel.class;
    }

    @Override
    public void keepAlive(Bootstrap bootstrap, int idle, int interval, int count) {
      bootstrap
          .option(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE), idle)
          .option(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL), interval)
          .option(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPCOUNT), count);
    }
  },

  /** Linux's. */
  EPOLL {
    @Override
    public EventLoopGroup loops(int threads, ThreadFactory factory) {
      return EpollSockets.loops(threads, factory);
    }

    @Override
    public Class<? extends ServerChannel> listening() {
      return EpollSockets.listening();
    }

    @Override
    public Class<? extends SocketChannel> connected() {
      return EpollSockets.connected();
    }

    @Override
    public void keepAlive(Bootstrap bootstrap, int idle, int interval, int count) {
      EpollSockets.keepAlive(bootstrap, idle, interval, count);
    }
  };

  /**
   * The best that this process can have.
   *
   * @return epoll's where they are on the classpath and work, else NIO's
   */
  public static Sockets best() {
    try {
      return EpollSockets.work() ? EPOLL : NIO;
    } catch (NoClassDefFoundError absent) {
      return NIO;
    }
  }

  /**
   * Those that go with event loops which somebody else made.
   *
   * @param loops loops for NIO or for epoll
   * @return what they are for
   * @throws IllegalArgumentException if it is neither
   */
  public static Sockets of(EventLoopGroup loops) {
    if (Probe.isForNio(loops.next())) {
      return NIO;
    }
    if (best() == EPOLL) {
      return EPOLL;
    }
    throw new IllegalArgumentException(
        "event loops: " + loops.getClass().getSimpleName() + " (expected: some for NIO or epoll)");
  }

  /**
   * Makes event loops, which the caller stops.
   *
   * @param threads how many
   * @param factory makes their threads
   * @return the loops; their threads begin with the first thing there is to do
   */
  public abstract EventLoopGroup loops(int threads, ThreadFactory factory);

  /**
   * Sockets that listen.
   *
   * @return their class
   */
  public abstract Class<? extends ServerChannel> listening();

  /**
   * Sockets that connect.
   *
   * @return their class
   */
  public abstract Class<? extends SocketChannel> connected();

  /**
   * Sets when TCP's keepalive, which is to be turned on beside, finds that a peer is gone.
   *
   * @param bootstrap connects such sockets
   * @param idle seconds of silence before the first probe
   * @param interval seconds between probes
   * @param count how many unanswered probes end the connection
   */
  public abstract void keepAlive(Bootstrap bootstrap, int idle, int interval, int count);

  /** Never opened. Netty 4.1 and 4.2 know in different ways what a loop is for; a channel knows. */
  private static final class Probe extends NioSocketChannel {

    static boolean isForNio(EventLoop loop) {
      Probe probe = new Probe();
      try {
        return probe.isCompatible(loop);
      } finally {
        probe.unsafe().closeForcibly();
      }
    }
  }
}
