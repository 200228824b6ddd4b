package dev.fairlead.testkit.cluster.wire;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * A listening socket with its connections. {@link #close} ends them all; calling it again does
 * nothing.
 */
public final class WireServer implements AutoCloseable {
  private static final int THREADS = 2;

  private final EventLoopGroup group;
  private final ChannelGroup channels;
  private final int port;

  @SuppressWarnings("deprecation") // the replacement does not exist in Netty 4.1
  private WireServer(SslContext tls, Endpoint endpoint, InetAddress address, int wantedPort)
      throws IOException {
    group = new NioEventLoopGroup(THREADS, new DefaultThreadFactory("demo-cluster", true));
    channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(group)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channels.add(channel);
                    channel.pipeline().addLast(tls.newHandler(channel.alloc()));
                    channel.pipeline().addLast(new ProtocolChoice(endpoint));
                  }
                });
    var bound = bootstrap.bind(new InetSocketAddress(address, wantedPort)).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      group.shutdownGracefully(0, 0, TimeUnit.SECONDS);
      throw new IOException(
          "cannot listen on " + address.getHostAddress() + ":" + wantedPort, bound.cause());
    }
    channels.add(bound.channel());
    port = ((InetSocketAddress) bound.channel().localAddress()).getPort();
  }

  /**
   * Starts listening.
   *
   * @param port port, 0 for a free one
   * @throws IOException when the port cannot be had
   */
  public static WireServer listen(SslContext tls, Endpoint endpoint, InetAddress address, int port)
      throws IOException {
    return new WireServer(tls, endpoint, address, port);
  }

  public int port() {
    return port;
  }

  @Override
  public void close() {
    channels.close().awaitUninterruptibly();
    group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
