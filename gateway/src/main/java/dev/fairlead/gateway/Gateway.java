package dev.fairlead.gateway;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.InvalidException;
import dev.fairlead.api.TransportException;
import dev.fairlead.core.http.LinkSettings;
import dev.fairlead.core.hub.FairleadHub;
import dev.fairlead.core.pipe.Sockets;
import dev.fairlead.core.tls.HandshakeThreads;
import dev.fairlead.core.tls.Handshakes;
import dev.fairlead.core.tls.ShownCertificate;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
  private static final Duration CERTIFICATE_LIFE = Duration.ofDays(90);

  private final FairleadHub hub;
  private final List<Binding> bindings;
  private final @Nullable SslContext given;
  private final List<String> ownNames;
  private final LinkSettings settings;
  private final Duration drain;
  private final Sources sources;
  private final Pages pages;
  private final ChannelGroup connections =
      new DefaultChannelGroup("fairlead-gateway", GlobalEventExecutor.INSTANCE, true);
  private final List<ShownCertificate> certificates = new ArrayList<>();
  private final Map<Binding, Channel> listeners = new LinkedHashMap<>();
  private @Nullable HandshakeThreads handshakeThreads;
  private @Nullable DoorMetrics metrics;
  private boolean started;
  private boolean closed;

  /** The first of the bindings is the front door's own. */
  Gateway(
      FairleadHub hub,
      List<Binding> bindings,
      @Nullable SslContext given,
      List<String> ownNames,
      LinkSettings settings,
      Duration drain,
      Sources sources,
      Pages pages) {
    this.hub = hub;
    this.bindings = List.copyOf(bindings);
    this.given = given;
    this.ownNames = ownNames;
    this.settings = settings;
    this.drain = drain;
    this.sources = sources;
    this.pages = pages;
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
    HandshakeThreads threads = new HandshakeThreads("fairlead-gateway-tls");
    Handshakes handshakes =
        bindings.stream().anyMatch(binding -> binding.agents() != null)
            ? Handshakes.ofAgents(threads, hub.time())
            : Handshakes.ofAnybody(threads, hub.time(), MOST_HANDSHAKES);
    DoorMetrics counted = new DoorMetrics(hub.metrics(), handshakes);
    handshakeThreads = threads;
    metrics = counted;
    try {
      for (Binding binding : bindings) {
        listeners.put(binding, listen(binding, tlsOf(binding), handshakes, counted));
      }
    } catch (RuntimeException e) {
      listeners.values().forEach(bound -> bound.close().awaitUninterruptibly());
      listeners.clear();
      counted.close();
      threads.close();
      throw e;
    }
    certificates.forEach(ShownCertificate::keepFresh);
    for (Binding binding : bindings) {
      LocalAddress local = binding.local();
      if (local == null) {
        log.info("gateway: users can connect to {}:{}", binding.address().getHostString(), port());
      } else {
        log.info(
            "gateway: cluster {} is at https://{}, from this machine",
            local.cluster(),
            NetUtil.toSocketAddressString(localAddress(local.cluster())));
      }
    }
  }

  private Channel listen(
      Binding binding, SslContext tls, Handshakes handshakes, DoorMetrics counted) {
    EventLoopGroup loops = hub.eventLoops();
    InetSocketAddress address = binding.address();
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loops)
            .channel(Sockets.of(loops).listening())
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    if (!admit(channel, counted)) {
                      channel.close();
                      return;
                    }
                    connections.add(channel);
                    SslHandler secured = handshakes.handler(tls, channel.alloc());
                    channel
                        .pipeline()
                        .addLast(
                            secured,
                            new ProtocolChoice(
                                binding.door(),
                                settings,
                                hub.time(),
                                binding.agents(),
                                counted,
                                connections::remove));
                    handshakes.begin(channel, secured, counted);
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
    handshakes.pace(bound.channel());
    return bound.channel();
  }

  private boolean admit(Channel channel, DoorMetrics counted) {
    if (connections.size() >= MOST_CONNECTIONS) {
      counted.tooMany();
      return false;
    }
    if (!sources.admit(channel)) {
      counted.tooManyOfAddress();
      return false;
    }
    return true;
  }

  private SslContext tlsOf(Binding binding) {
    if (binding.local() != null) {
      return ownTls(binding.local().names());
    }
    return given == null ? ownTls(ownNames) : given;
  }

  private SslContext ownTls(List<String> names) {
    ShownCertificate issued =
        new ShownCertificate(
            "gateway", () -> hub.issueServerCertificate(names, CERTIFICATE_LIFE), hub.time());
    certificates.add(issued);
    try {
      return DoorTls.context(
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
    return listeningOn(bindings.get(0)).getPort();
  }

  /**
   * Where a cluster is reached from this machine.
   *
   * @param cluster a cluster that {@link GatewayBuilder#local} gave an address
   * @return the address, with the real port, also if it was to be any
   * @throws InvalidException if the cluster has no such address
   * @throws IllegalStateException if it is not listening
   */
  public synchronized InetSocketAddress localAddress(ClusterName cluster) {
    for (Binding binding : bindings) {
      LocalAddress local = binding.local();
      if (local != null && local.cluster().equals(cluster)) {
        return listeningOn(binding);
      }
    }
    throw new InvalidException(
        "cluster: "
            + cluster
            + " has no local address (expected: one that local() was called for)");
  }

  private InetSocketAddress listeningOn(Binding binding) {
    Channel present = listeners.get(binding);
    if (present == null) {
      throw new IllegalStateException("gateway: not listening (expected: start() first)");
    }
    return (InetSocketAddress) present.localAddress();
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
    certificates.forEach(ShownCertificate::close);
    if (!listeners.isEmpty()) {
      listeners.values().forEach(present -> present.close().awaitUninterruptibly());
      connections.forEach(ProtocolChoice::drain);
      hub.endWatches();
      connections.newCloseFuture().awaitUninterruptibly(drain.toMillis(), TimeUnit.MILLISECONDS);
    }
    connections.close().awaitUninterruptibly();
    pages.close();
    if (handshakeThreads != null) {
      handshakeThreads.close();
    }
    if (metrics != null) {
      metrics.close();
    }
  }
}
