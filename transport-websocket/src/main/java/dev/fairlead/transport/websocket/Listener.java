package dev.fairlead.transport.websocket;

import dev.fairlead.api.Time;
import dev.fairlead.api.TransportException;
import dev.fairlead.api.metrics.FairleadMetrics;
import dev.fairlead.api.metrics.Metrics;
import dev.fairlead.api.transport.HubEndpoint;
import dev.fairlead.core.door.AgentPaths;
import dev.fairlead.core.http.Http1ServerConnection;
import dev.fairlead.core.http.LinkSettings;
import dev.fairlead.core.tls.AgentTls;
import dev.fairlead.core.tls.Handshakes;
import dev.fairlead.core.tls.Newcomers;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import java.net.InetSocketAddress;

/**
 * A port of the agents' own: TLS, HTTP/1.1 and on it the agents' paths. Strangers who connect and
 * say nothing are closed after a while, or when there are too many of them.
 */
final class Listener {

  private static final int BACKLOG = 1_024;

  private final Channel socket;

  private Listener(Channel socket) {
    this.socket = socket;
  }

  static Listener open(
      HostPort intended,
      HubEndpoint hub,
      Loops loops,
      HubPaths paths,
      Time time,
      int mostNewcomers) {
    SslContext tls = AgentTls.server(hub.tls(), ApplicationProtocolNames.HTTP_1_1);
    Handshakes handshakes = Handshakes.ofAgents(paths.handshakes(), time);
    Handshakes.Counts counts = Handshakes.countsOfAgents(hub.metrics());
    Newcomers newcomers = new Newcomers(mostNewcomers);
    Metrics.Counter tooMany = hub.metrics().counter(FairleadMetrics.REFUSALS, "agent-connections");
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loops.group())
            .channel(loops.sockets().listening())
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    loops.add(channel);
                    newcomers.add(
                        channel,
                        () -> {
                          tooMany.increment();
                          channel.close();
                        });
                    channel.closeFuture().addListener(gone -> newcomers.remove(channel));
                    SslHandler secured = handshakes.handler(tls, channel.alloc());
                    channel.pipeline().addLast(secured, new Idle());
                    Http1ServerConnection.install(
                        channel.pipeline(),
                        LinkSettings.FRONT_DOOR,
                        (stream, head, end) -> {
                          if (AgentPaths.own(String.valueOf(head.path()))) {
                            paths.serve(stream, head, end, channel);
                          } else {
                            HubPaths.notFound(stream);
                          }
                        },
                        upgraded -> {
                          newcomers.remove(upgraded);
                          Idle.leave(upgraded);
                        });
                    handshakes.begin(channel, secured, counts);
                  }
                })
            .bind(new InetSocketAddress(intended.host(), intended.port()))
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      String reason = String.valueOf(bound.cause().getMessage());
      throw new TransportException(
          reason.contains("in use")
              ? intended + " is in use (stop what listens there, or choose another port)"
              : "cannot listen at " + intended + ": " + reason,
          bound.cause());
    }
    handshakes.pace(bound.channel());
    return new Listener(bound.channel());
  }

  /** Closes a connection on which no pipe came to be within a minute. */
  private static final class Idle extends IdleStateHandler {
    private static final int SECONDS = 60;

    Idle() {
      super(0, 0, SECONDS);
    }

    static void leave(Channel channel) {
      channel.pipeline().remove(Idle.class);
    }

    @Override
    protected void channelIdle(ChannelHandlerContext ctx, IdleStateEvent event) {
      ctx.close();
    }
  }

  String address() {
    InetSocketAddress address = (InetSocketAddress) socket.localAddress();
    String host =
        address.getAddress().isAnyLocalAddress()
            ? "0.0.0.0"
            : address.getAddress().getHostAddress();
    return new HostPort(host, address.getPort()).toString();
  }

  void close() {
    socket.close().awaitUninterruptibly();
  }
}
