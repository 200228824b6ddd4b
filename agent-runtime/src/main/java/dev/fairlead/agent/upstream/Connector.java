package dev.fairlead.agent.upstream;

import dev.fairlead.api.InvalidException;
import dev.fairlead.core.pipe.Sockets;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/**
 * Opens TLS connections to one API server. A dead host is found by the liveness of HTTP/2, and on
 * connections without it by TCP's keepalive.
 */
final class Connector {

  /** Gets a connection or why there is none, on the event loop. */
  interface Outcome {

    void connected(Channel channel, boolean http2);

    /** The reason is for users: it shows no address. */
    void failed(String reason, Throwable cause);
  }

  private static final int CONNECT_MILLIS = 5_000;
  private static final int HANDSHAKE_MILLIS = 5_000;
  private static final int MOST_ADDRESSES = 4;
  private static final int KEEPALIVE_IDLE_SECONDS = 6;
  private static final int KEEPALIVE_INTERVAL_SECONDS = 3;
  private static final int KEEPALIVE_COUNT = 3;

  private final ApiAccess access;
  private final EventLoop loop;
  private final Sockets sockets;
  private final Executor blocking;
  private final SslContext withHttp2;
  private final SslContext http1Only;

  Connector(ApiAccess access, EventLoop loop, Executor blocking) {
    this.access = access;
    this.loop = loop;
    this.sockets = Sockets.of(loop);
    this.blocking = blocking;
    this.withHttp2 = tls(ApplicationProtocolNames.HTTP_2, ApplicationProtocolNames.HTTP_1_1);
    this.http1Only = tls();
  }

  private SslContext tls(String... protocols) {
    SslContextBuilder builder =
        SslContextBuilder.forClient().trustManager(access.tls().trustManagers().get(0));
    if (!access.tls().keyManagers().isEmpty()) {
      builder.keyManager(access.tls().keyManagers().get(0));
    }
    if (protocols.length > 0) {
      builder.applicationProtocolConfig(
          new ApplicationProtocolConfig(
              ApplicationProtocolConfig.Protocol.ALPN,
              ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
              ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
              protocols));
    }
    try {
      return builder.build();
    } catch (SSLException e) {
      throw new InvalidException("API server: its key or trust cannot be used for TLS", e);
    }
  }

  /** Connects; with HTTP/2 if it is wanted and the server speaks it. On the event loop. */
  void connect(boolean wantsHttp2, Outcome outcome) {
    String host = access.host();
    if (NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host)) {
      connect(
          List.of(InetSocketAddress.createUnresolved(host, access.port())), wantsHttp2, outcome);
      return;
    }
    try {
      blocking.execute(() -> resolve(host, wantsHttp2, outcome));
    } catch (RejectedExecutionException e) {
      outcome.failed("the agent is being closed", e);
    }
  }

  private void resolve(String host, boolean wantsHttp2, Outcome outcome) {
    Runnable next;
    try {
      List<InetSocketAddress> addresses =
          Arrays.stream(InetAddress.getAllByName(host))
              .limit(MOST_ADDRESSES)
              .map(address -> new InetSocketAddress(address, access.port()))
              .toList();
      next = () -> connect(addresses, wantsHttp2, outcome);
    } catch (UnknownHostException e) {
      next = () -> outcome.failed("its name cannot be resolved", e);
    }
    loop.execute(next);
  }

  private void connect(List<InetSocketAddress> addresses, boolean wantsHttp2, Outcome outcome) {
    InetSocketAddress first = addresses.get(0);
    InetSocketAddress address =
        first.isUnresolved()
            ? new InetSocketAddress(first.getHostString(), first.getPort())
            : first;
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loop)
            .channel(sockets.connected())
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.SO_KEEPALIVE, true)
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel.pipeline().addLast(tlsHandler(channel, wantsHttp2));
                  }
                });
    sockets.keepAlive(
        bootstrap, KEEPALIVE_IDLE_SECONDS, KEEPALIVE_INTERVAL_SECONDS, KEEPALIVE_COUNT);
    bootstrap
        .connect(address)
        .addListener(
            (io.netty.channel.ChannelFuture tcp) -> {
              if (tcp.isSuccess()) {
                awaitHandshake(tcp.channel(), outcome);
              } else if (addresses.size() > 1) {
                connect(addresses.subList(1, addresses.size()), wantsHttp2, outcome);
              } else {
                outcome.failed(reasonOf(tcp.cause(), "it refuses connections"), tcp.cause());
              }
            });
  }

  private SslHandler tlsHandler(Channel channel, boolean wantsHttp2) {
    SslContext context = wantsHttp2 ? withHttp2 : http1Only;
    SslHandler handler =
        context.newHandler(channel.alloc(), access.nameInCertificate(), access.port());
    SSLEngine engine = handler.engine();
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    engine.setSSLParameters(parameters);
    handler.setHandshakeTimeoutMillis(HANDSHAKE_MILLIS);
    return handler;
  }

  private static void awaitHandshake(Channel channel, Outcome outcome) {
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    tls.handshakeFuture()
        .addListener(
            handshake -> {
              if (handshake.isSuccess()) {
                outcome.connected(
                    channel, ApplicationProtocolNames.HTTP_2.equals(tls.applicationProtocol()));
              } else {
                channel.close();
                outcome.failed(
                    reasonOf(handshake.cause(), "its TLS handshake failed"), handshake.cause());
              }
            });
  }

  private static String reasonOf(Throwable cause, String otherwise) {
    String name = cause.getClass().getSimpleName();
    return name.contains("Timeout") ? "it does not answer in time" : otherwise;
  }
}
