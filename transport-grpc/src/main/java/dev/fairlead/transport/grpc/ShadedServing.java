package dev.fairlead.transport.grpc;

import dev.fairlead.core.tls.Pace;
import io.grpc.ServerBuilder;
import io.grpc.ServerCredentials;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.ServerChannel;
import io.grpc.netty.shaded.io.netty.channel.epoll.Epoll;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollIoHandler;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollServerSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * A server on the Netty within grpc-netty-shaded, with event loops of its own, as gRPC lets nobody
 * see the connections of those that it shares.
 */
final class ShadedServing implements Serving {

  private static final int STOP_SECONDS = 5;

  private final InetSocketAddress address;
  private final boolean epoll = Epoll.isAvailable();
  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(
          Runtime.getRuntime().availableProcessors(),
          new DefaultThreadFactory("fairlead-grpc", true),
          epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());

  ShadedServing(InetSocketAddress address) {
    this.address = address;
  }

  @Override
  public ServerBuilder<?> builder(ServerCredentials credentials, Strangers strangers, Pace pace) {
    return NettyServerBuilder.forAddress(address, credentials)
        .channelFactory(() -> listening(strangers, pace))
        .bossEventLoopGroup(loops)
        .workerEventLoopGroup(loops);
  }

  private ServerChannel listening(Strangers strangers, Pace pace) {
    ServerChannel channel = epoll ? new EpollServerSocketChannel() : new NioServerSocketChannel();
    pace.add(taking -> channel.config().setAutoRead(taking));
    channel.pipeline().addLast(new Arrivals(strangers));
    return channel;
  }

  /** As {@link dev.fairlead.core.pipe.EventLoops#stop} does with loops of the other Netty. */
  @Override
  public void stop() {
    loops.shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS);
    for (var loop : loops) {
      if (loop.inEventLoop()) {
        return;
      }
    }
    loops.terminationFuture().awaitUninterruptibly(STOP_SECONDS, TimeUnit.SECONDS);
  }

  /** Sees connections before gRPC does. */
  private static final class Arrivals extends ChannelInboundHandlerAdapter {

    private final Strangers strangers;

    Arrivals(Strangers strangers) {
      this.strangers = strangers;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object accepted) {
      if (accepted instanceof Channel channel) {
        SocketAddress from = channel.remoteAddress();
        if (from != null) {
          strangers.came(from, channel::close);
          channel.closeFuture().addListener(closed -> strangers.left(from));
        }
      }
      ctx.fireChannelRead(accepted);
    }
  }
}
