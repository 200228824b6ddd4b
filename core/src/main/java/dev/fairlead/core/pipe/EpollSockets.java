package dev.fairlead.core.pipe;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketChannel;
import java.util.concurrent.ThreadFactory;

/**
 * All that needs Netty's epoll, which may not be there: then nothing but {@link #work} is called.
 */
final class EpollSockets {

  private EpollSockets() {}

  /**
   * Whether this process has what it takes.
   *
   * @throws NoClassDefFoundError if it is not even on the classpath
   */
  static boolean work() {
    return Epoll.isAvailable();
  }

  @SuppressWarnings("deprecation") // Netty 4.1 has no other.
  static EventLoopGroup loops(int threads, ThreadFactory factory) {
    return new EpollEventLoopGroup(threads, factory);
  }

  static Class<? extends ServerChannel> listening() {
    return EpollServerSocketChannel.class;
  }

  static Class<? extends SocketChannel> connected() {
    return EpollSocketChannel.class;
  }

  static void keepAlive(Bootstrap bootstrap, int idle, int interval, int count) {
    bootstrap
        .option(EpollChannelOption.TCP_KEEPIDLE, idle)
        .option(EpollChannelOption.TCP_KEEPINTVL, interval)
        .option(EpollChannelOption.TCP_KEEPCNT, count);
  }
}
