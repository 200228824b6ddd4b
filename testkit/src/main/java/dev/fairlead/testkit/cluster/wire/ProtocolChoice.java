package dev.fairlead.testkit.cluster.wire;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SslHandler;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/** Sets a connection up for what ALPN chose; without ALPN that is HTTP/1.1. */
final class ProtocolChoice extends ApplicationProtocolNegotiationHandler {
  private static final int MAX_REQUEST_LINE = 64 << 10;
  private static final int MAX_HEADERS = 256 << 10;
  private static final int MAX_CHUNK = 64 << 10;
  private static final int STREAM_WINDOW = 1 << 20;

  private final Endpoint endpoint;

  ProtocolChoice(Endpoint endpoint) {
    super(ApplicationProtocolNames.HTTP_1_1);
    this.endpoint = endpoint;
  }

  @Override
  protected void configurePipeline(ChannelHandlerContext ctx, String protocol) {
    X500Principal subject = subject(ctx.pipeline().get(SslHandler.class));
    if (!protocol.equals(ApplicationProtocolNames.HTTP_2)) {
      ctx.pipeline().addLast(new HttpServerCodec(MAX_REQUEST_LINE, MAX_HEADERS, MAX_CHUNK));
      ctx.pipeline().addLast(new ExchangeHandler(endpoint, subject, true));
      return;
    }
    Http2Settings settings =
        Http2Settings.defaultSettings()
            .maxConcurrentStreams(1000)
            .initialWindowSize(STREAM_WINDOW)
            .maxHeaderListSize(MAX_HEADERS);
    // A proxy in front of this server resets many streams on behalf of many users.
    ctx.pipeline()
        .addLast(
            Http2FrameCodecBuilder.forServer()
                .initialSettings(settings)
                .decoderEnforceMaxRstFramesPerWindow(10_000, 1)
                .build());
    ctx.pipeline()
        .addLast(
            new Http2MultiplexHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel stream) {
                    stream.pipeline().addLast(new Http2StreamFrameToHttpObjectCodec(true));
                    stream.pipeline().addLast(new ExchangeHandler(endpoint, subject, false));
                  }
                }));
    ctx.pipeline().addLast(new ConnectionEnd());
  }

  @Override
  protected void handshakeFailure(ChannelHandlerContext ctx, Throwable cause) {
    // A peer that does not speak TLS, or does not trust us, is its own trouble.
    ctx.close();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }

  private static @Nullable X500Principal subject(SslHandler tls) {
    try {
      return ((X509Certificate) tls.engine().getSession().getPeerCertificates()[0])
          .getSubjectX500Principal();
    } catch (SSLPeerUnverifiedException e) {
      return null; // the client showed no certificate, which it need not
    }
  }
}
