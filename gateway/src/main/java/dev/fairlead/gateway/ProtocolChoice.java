package dev.fairlead.gateway;

import dev.fairlead.api.Time;
import dev.fairlead.core.http.Http1ServerConnection;
import dev.fairlead.core.http.Http2Link;
import dev.fairlead.core.http.LinkListener;
import dev.fairlead.core.http.LinkSettings;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
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

  ProtocolChoice(FrontDoor door, LinkSettings settings, Time time) {
    super(ApplicationProtocolNames.HTTP_1_1);
    this.door = door;
    this.settings = settings;
    this.time = time;
  }

  @Override
  protected void configurePipeline(ChannelHandlerContext ctx, String protocol) {
    String source = sourceOf(ctx.channel());
    if (protocol.equals(ApplicationProtocolNames.HTTP_2)) {
      ctx.pipeline()
          .addLast(
              Http2Link.server(
                  settings,
                  time,
                  new Unobserved(),
                  (stream, head, end) -> door.http2(stream, head, end, source)));
    } else {
      Http1ServerConnection.install(
          ctx.pipeline(), settings, (stream, head, end) -> door.http1(stream, head, end, source));
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
