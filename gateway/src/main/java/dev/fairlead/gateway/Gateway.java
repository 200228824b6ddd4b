package dev.fairlead.gateway;

import dev.fairlead.api.InvalidException;
import dev.fairlead.api.TransportException;
import dev.fairlead.core.door.AgentPaths;
import dev.fairlead.core.http.LinkSettings;
import dev.fairlead.core.hub.FairleadHub;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The front door of a hub. Started once, after its hub, and closed once, before it; {@link
 * #close()} may come at any time, from any thread and more than once. Runs on the hub's event
 * loops.
 */
public final class Gateway implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Gateway.class);
  private static final int BACKLOG = 1_024;

  /** Connections beyond these are closed before their handshake. */
  static final int MOST_CONNECTIONS = 10_000;

  private static final int MOST_HANDSHAKES = 512;

  private final FairleadHub hub;
  private final InetSocketAddress address;
  private final @Nullable SslContext given;
  private final List<String> ownNames;
  private final FrontDoor door;
  private final LinkSettings settings;
  private final @Nullable AgentPaths agents;
  private final Duration drain;
  private final Sources sources;
  private final ChannelGroup connections =
      new DefaultChannelGroup("fairlead-gateway", GlobalEventExecutor.INSTANCE, true);
  private @Nullable OwnCertificate certificate;
  private @Nullable Channel listener;
  private boolean started;
  private boolean closed;

  Gateway(
      FairleadHub hub,
      InetSocketAddress address,
      @Nullable SslContext given,
      List<String> ownNames,
      FrontDoor door,
      LinkSettings settings,
      @Nullable AgentPaths agents,
      Duration drain,
      Sources sources) {
    this.hub = hub;
    this.address = address;
    this.given = given;
    this.ownNames = ownNames;
    this.door = door;
    this.settings = settings;
    this.agents = agents;
    this.drain = drain;
    this.sources = sources;
  }

  /**
   * Collects what a front door is made of.
   *
   * @param hub the hub it leads to
   * @return a new builder
   */
  public static GatewayBuilder builder(FairleadHub hub) {
    return new GatewayBuilder(hub);
  }

  /**
   * Begins to listen. Blocks until users can connect.
   *
   * @throws TransportException if it cannot listen, with the address and what to do
   * @throws IllegalStateException if it was started or closed before, or the hub is not running
   */
  public synchronized void start() {
    if (started || closed) {
      throw new IllegalStateException(
          "gateway: started or closed before (expected: it starts once)");
    }
    started = true;
    EventLoopGroup loops = hub.eventLoops();
    SslContext tls = given == null ? ownTls() : given;
    Handshakes handshakes = new Handshakes(hub.time(), MOST_HANDSHAKES);
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    if (connections.size() >= MOST_CONNECTIONS || !sources.admit(channel)) {
                      channel.close();
                      return;
                    }
                    connections.add(channel);
                    SslHandler secured = tls.newHandler(channel.alloc());
                    secured.setHandshakeTimeoutMillis(0);
                    channel
                        .pipeline()
                        .addLast(
                            secured,
                            new ProtocolChoice(
                                door, settings, hub.time(), agents, connections::remove));
                    handshakes.begin(channel, secured);
                  }
                })
            .bind(address)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new TransportException(
          "front door: cannot listen on "
              + address.getHostString()
              + ":"
              + address.getPort()
              + " ("
              + bound.cause().getMessage()
              + "); choose another port, or stop what listens there",
          bound.cause());
    }
    listener = bound.channel();
    if (certificate != null) {
      certificate.keepFresh();
    }
    log.info("gateway: users can connect to {}:{}", address.getHostString(), port());
  }

  private SslContext ownTls() {
    OwnCertificate issued = new OwnCertificate(hub, ownNames);
    certificate = issued;
    try {
      return GatewayBuilder.context(
          SslContextBuilder.forServer(issued.keyManager()),
          hub.authenticator().clientAuthorities());
    } catch (SSLException e) {
      throw new InvalidException("gateway: this JVM cannot serve TLS: " + e.getMessage(), e);
    }
  }

  /**
   * The port it listens on.
   *
   * @return the real port, also if it was to be any
   * @throws IllegalStateException if it is not listening
   */
  public synchronized int port() {
    Channel present = listener;
    if (present == null) {
      throw new IllegalStateException("gateway: not listening (expected: start() first)");
    }
    return ((InetSocketAddress) present.localAddress()).getPort();
  }

  /**
   * Stops listening, ends watches in order, lets requests and streams end for the configured time,
   * and closes every connection.
   */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (certificate != null) {
      certificate.close();
    }
    Channel present = listener;
    if (present != null) {
      present.close().awaitUninterruptibly();
      connections.forEach(ProtocolChoice::drain);
      hub.endWatches();
      connections.newCloseFuture().awaitUninterruptibly(drain.toMillis(), TimeUnit.MILLISECONDS);
    }
    connections.close().awaitUninterruptibly();
    door.close();
  }
}
