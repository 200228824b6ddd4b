package dev.fairlead.agent;

import dev.fairlead.agent.upstream.ApiServer;
import dev.fairlead.core.http.Acceptor;
import dev.fairlead.core.http.Heads;
import dev.fairlead.core.http.Http1ServerConnection;
import dev.fairlead.core.http.Http2Link;
import dev.fairlead.core.http.HttpStream;
import dev.fairlead.core.http.LinkListener;
import dev.fairlead.core.http.LinkSettings;
import dev.fairlead.core.time.SystemTime;
import dev.fairlead.testkit.TestAuthority;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * An API server that does what a test says, over HTTP/2 or, where a client does not ask for that,
 * HTTP/1.1; {@code GET /version} it answers by itself.
 */
final class TestApiServer implements AutoCloseable {

  /** A request that came in. */
  record Seen(Http2Headers head, Answer body, HttpStream stream, boolean http2) {
    void answer(String status, String body) {
      stream.sendHead(Heads.create().status(status).set("content-type", "text/plain"), false);
      stream.sendData(Unpooled.copiedBuffer(body, StandardCharsets.UTF_8), true);
    }
  }

  final BlockingQueue<Seen> requests = new LinkedBlockingQueue<>();
  final BlockingQueue<Channel> connections = new LinkedBlockingQueue<>();
  final BlockingQueue<Channel> http1Connections = new LinkedBlockingQueue<>();
  final AtomicInteger versions = new AtomicInteger();
  private final TestAuthority authority = TestAuthority.create();
  private final SystemTime time = new SystemTime();
  private final NioEventLoopGroup loops = new NioEventLoopGroup(1);
  private final Channel listening;
  private final LinkSettings settings;
  volatile boolean consuming = true;
  volatile String token = "agent-token";
  volatile String versionStatus = "200";
  volatile boolean silent;

  TestApiServer() throws Exception {
    this(LinkSettings.UPSTREAM.withLiveness(Duration.ZERO));
  }

  TestApiServer(LinkSettings settings) throws Exception {
    this.settings = settings;
    SslContext tls =
        SslContextBuilder.forServer(authority.server().keyManagers().get(0))
            .sslProvider(SslProvider.JDK)
            .applicationProtocolConfig(
                new ApplicationProtocolConfig(
                    ApplicationProtocolConfig.Protocol.ALPN,
                    ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                    ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                    "h2"))
            .build();
    listening =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    if (silent) {
                      connections.add(channel);
                      channel.config().setAutoRead(false);
                      return;
                    }
                    channel.pipeline().addLast(tls.newHandler(channel.alloc()));
                    channel.pipeline().addLast(new ByProtocol());
                  }
                })
            .bind(InetAddress.getLoopbackAddress(), 0)
            .sync()
            .channel();
  }

  private final class ByProtocol extends ApplicationProtocolNegotiationHandler {

    ByProtocol() {
      super(ApplicationProtocolNames.HTTP_1_1);
    }

    @Override
    protected void configurePipeline(ChannelHandlerContext context, String protocol) {
      boolean http2 = protocol.equals(ApplicationProtocolNames.HTTP_2);
      if (http2) {
        context.pipeline().addLast(Http2Link.server(settings, time, new Ignoring(), accept(true)));
      } else {
        Http1ServerConnection.install(context.pipeline(), settings, accept(false));
      }
      (http2 ? connections : http1Connections).add(context.channel());
    }
  }

  private Acceptor accept(boolean http2) {
    return (stream, head, end) -> {
      if ("/version".contentEquals(head.path())) {
        versions.incrementAndGet();
        stream.listen(new Answer());
        if (silent) {
          return;
        }
        stream.sendHead(Heads.create().status(versionStatus), false);
        stream.sendData(
            Unpooled.copiedBuffer(
                "{\"major\":\"1\",\"gitVersion\":\"v1.33.1\"}", StandardCharsets.UTF_8),
            true);
        return;
      }
      Answer body = new Answer(consuming);
      body.stream = stream;
      stream.listen(body);
      requests.add(new Seen(head, body, stream, http2));
    };
  }

  String authorityPem() {
    try {
      return "-----BEGIN CERTIFICATE-----\n"
          + Base64.getMimeEncoder().encodeToString(authority.certificate().getEncoded())
          + "\n-----END CERTIFICATE-----\n";
    } catch (CertificateEncodingException e) {
      throw new AssertionError(e);
    }
  }

  int port() {
    return ((InetSocketAddress) listening.localAddress()).getPort();
  }

  ApiServer address() {
    return ApiServer.at(URI.create("https://127.0.0.1:" + port()), authority.trust(), () -> token);
  }

  Seen request() throws InterruptedException {
    Seen seen = requests.poll(20, TimeUnit.SECONDS);
    if (seen == null) {
      throw new AssertionError("no request came");
    }
    return seen;
  }

  /**
   * Ends its oldest HTTP/2 connection as Go's server does when it takes its client for an attacker.
   *
   * @param processed whether it says that it processed the newest request
   */
  void accuse(boolean processed) throws InterruptedException {
    Channel oldest = connections.take();
    Http2Link link = oldest.pipeline().get(Http2Link.class);
    oldest
        .eventLoop()
        .execute(
            () -> {
              ChannelHandlerContext context = oldest.pipeline().context(link);
              int newest = link.connection().remote().lastStreamCreated();
              link.goAway(
                  context,
                  processed ? newest : newest - 2,
                  Http2Error.ENHANCE_YOUR_CALM.code(),
                  Unpooled.EMPTY_BUFFER,
                  context.newPromise());
              context.flush();
              oldest.close();
            });
  }

  /** Stops to read and to answer, without closing anything, as a stopped process does. */
  void fallSilent() {
    silent = true;
    read(false);
  }

  void speakAgain() {
    silent = false;
    read(true);
  }

  private void read(boolean reads) {
    connections.forEach(channel -> channel.config().setAutoRead(reads));
    http1Connections.forEach(channel -> channel.config().setAutoRead(reads));
  }

  @Override
  public void close() {
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    time.close();
  }

  private static final class Ignoring implements LinkListener {
    @Override
    public void onOpen() {}

    @Override
    public void onDraining() {}

    @Override
    public void onAlive() {}

    @Override
    public void onClosed(@Nullable Throwable cause) {}
  }
}
