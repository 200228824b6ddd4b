package dev.fairlead.transport.websocket;

import dev.fairlead.api.FairleadException;
import dev.fairlead.api.TransportException;
import dev.fairlead.api.transport.TlsMaterial;
import dev.fairlead.core.egress.EgressProxies;
import dev.fairlead.core.egress.EgressProxy;
import dev.fairlead.core.egress.Unreachable;
import dev.fairlead.core.pipe.Sockets;
import dev.fairlead.core.tls.AgentTls;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Makes an agent's connections to its hub: TCP, TLS, and HTTP/1.1 on it. */
final class Connector {

  private static final int CONNECT_MILLIS = 10_000;

  private final HostPort hub;
  private final @Nullable EgressProxy proxy;

  Connector(HostPort hub, EgressProxies proxies) {
    this.hub = hub;
    this.proxy = proxies.towards(hub.host(), hub.port()).orElse(null);
  }

  /** Connects; the handler sends its request once TLS is there. */
  ChannelFuture connect(Sockets sockets, EventLoop loop, TlsMaterial tls, RequestHandler handler) {
    SslContext context = AgentTls.client(tls, ApplicationProtocolNames.HTTP_1_1);
    ChannelFuture connected =
        new Bootstrap()
            .group(loop)
            .channel(sockets.connected())
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    ChannelPipeline pipeline = channel.pipeline();
                    if (proxy != null) {
                      pipeline.addLast(new ProxyConnect(proxy, hub));
                    }
                    pipeline.addLast(
                        AgentTls.handler(context, channel.alloc(), hub.host(), hub.port()),
                        new HttpClientCodec(),
                        new HttpObjectAggregator(Paths.MOST_BODY),
                        handler);
                  }
                })
            .connect(
                proxy == null
                    ? InetSocketAddress.createUnresolved(hub.host(), hub.port())
                    : InetSocketAddress.createUnresolved(proxy.host(), proxy.port()));
    connected.addListener(
        future -> {
          if (!future.isSuccess()) {
            handler.fail(unreachable(future.cause()));
          }
        });
    return connected;
  }

  private FairleadException unreachable(Throwable cause) {
    FairleadException failure = failure(cause);
    return proxy == null
        ? failure
        : new TransportException(
            hub
                + " through proxy "
                + Unreachable.explain(proxy.toString(), cause)
                    .map(Throwable::getMessage)
                    .orElse(proxy + ": " + cause.getMessage())
                    .replace("is the hub running?", "is the proxy running?"),
            cause);
  }

  /** What went wrong with a connection, for people to read. */
  FairleadException failure(@Nullable Throwable cause) {
    String detail = cause == null || cause.getMessage() == null ? "" : ": " + cause.getMessage();
    return Unreachable.explain(hub.toString(), cause)
        .orElseGet(
            () ->
                new TransportException(
                    hub + ": the connection was lost before the hub had answered" + detail, cause));
  }

  HostPort hub() {
    return hub;
  }
}
