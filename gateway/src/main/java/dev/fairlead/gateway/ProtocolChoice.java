package dev.fairlead.gateway;

import dev.fairlead.api.Time;
import dev.fairlead.api.auth.ClientCertificate;
import dev.fairlead.core.door.AgentPaths;
import dev.fairlead.core.http.Heads;
import dev.fairlead.core.http.Http1ServerConnection;
import dev.fairlead.core.http.Http1ServerMetrics;
import dev.fairlead.core.http.Http2Link;
import dev.fairlead.core.http.LinkListener;
import dev.fairlead.core.http.LinkSettings;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SslHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a connection speak what it agreed on by ALPN; one that named nothing speaks HTTP/1.1, as
 * kubectl's upgrades do.
 */
final class ProtocolChoice extends ApplicationProtocolNegotiationHandler {

  private static final Logger log = LoggerFactory.getLogger(ProtocolChoice.class);

  private final FrontDoor door;
  private final LinkSettings settings;
  private final Time time;
  private final @Nullable AgentPaths agents;
  private final DoorMetrics metrics;
  private final Consumer<Channel> leaving;

  /** Agents' connections leave the gateway when they switch protocols, so that it drains none. */
  ProtocolChoice(
      FrontDoor door,
      LinkSettings settings,
      Time time,
      @Nullable AgentPaths agents,
      DoorMetrics metrics,
      Consumer<Channel> leaving) {
    super(ApplicationProtocolNames.HTTP_1_1);
    this.metrics = metrics;
    this.agents = agents;
    this.leaving = leaving;
    this.door = door;
    this.settings = settings;
    this.time = time;
  }

  @Override
  protected void configurePipeline(ChannelHandlerContext ctx, String protocol) {
    Client client = new Client(sourceOf(ctx.channel()), certificateOf(ctx.channel()));
    if (protocol.equals(ApplicationProtocolNames.HTTP_2)) {
      Http2Link link =
          Http2Link.server(
              settings,
              time,
              metrics.links(),
              new Unobserved(),
              (stream, head, end) -> door.http2(stream, head, end, client));
      ctx.pipeline().addLast(link);
      SlowHttp2.watch(ctx.channel(), link, time, metrics::slow);
    } else {
      Http1ServerConnection.install(
          ctx.pipeline(),
          settings,
          (stream, head, end) -> {
            AgentPaths present = agents;
            if (present != null && AgentPaths.own(String.valueOf(head.path()))) {
              if (head.contains(Heads.PROTOCOL)) {
                leaving.accept(ctx.channel());
                Http1ServerMetrics.remove(ctx.pipeline());
              }
              present.serve(stream, head, end, ctx.channel());
            } else {
              door.http1(stream, head, end, client);
            }
          });
      if (metrics.used()) {
        Http1ServerMetrics.install(ctx.pipeline(), metrics.links(), settings, metrics::malformed);
      }
      SlowHttp1.watch(ctx.pipeline(), time, metrics::slow);
    }
  }

  /** Asks a connection to end when it is idle. */
  static void drain(Channel channel) {
    Http2Link link = channel.pipeline().get(Http2Link.class);
    if (link != null) {
      link.drain();
    } else if (channel.pipeline().get(Http1ServerConnection.class) != null) {
      channel.pipeline().fireUserEventTriggered(Http1ServerConnection.DRAIN);
    } else {
      channel.close();
    }
  }

  private static String sourceOf(Channel channel) {
    if (channel.remoteAddress() instanceof InetSocketAddress remote) {
      InetAddress address = remote.getAddress();
      if (address != null) {
        return address.getHostAddress();
      }
    }
    return "";
  }

  private static @Nullable ClientCertificate certificateOf(Channel channel) {
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (tls == null) {
      return null;
    }
    List<X509Certificate> chain = new ArrayList<>();
    try {
      for (Certificate one : tls.engine().getSession().getPeerCertificates()) {
        chain.add((X509Certificate) one);
      }
    } catch (SSLPeerUnverifiedException e) {
      // The client has none, which most have not.
      return null;
    }
    return new ClientCertificate(chain);
  }

  @Override
  protected void handshakeFailure(ChannelHandlerContext ctx, Throwable cause) {
    log.debug("gateway: TLS handshake failed: {}", cause.toString());
    ctx.close();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    log.debug("gateway: connection failed: {}", cause.toString());
    ctx.close();
  }

  /** A user's connection is of no interest beyond its requests. */
  private static final class Unobserved implements LinkListener {
    @Override
    public void onOpen() {
      // Requests tell.
    }

    @Override
    public void onDraining() {
      // The user opens the streams.
    }

    @Override
    public void onAlive() {
      // Users' connections are not watched.
    }

    @Override
    public void onClosed(@Nullable Throwable cause) {
      // Its streams were told.
    }
  }
}
