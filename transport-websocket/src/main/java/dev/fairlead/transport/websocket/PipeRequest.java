package dev.fairlead.transport.websocket;

import dev.fairlead.api.FairleadException;
import dev.fairlead.api.Time;
import dev.fairlead.api.TransportException;
import dev.fairlead.core.pipe.ChannelPipe;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.security.SecureRandom;
import java.util.Base64;

/** The agent's half of the opening handshake (RFC 6455, 4.1), without any extension. */
final class PipeRequest extends RequestHandler {

  private static final int KEY_BYTES = 16;

  private final ChannelPipe pipe;
  private final SecureRandom random;
  private final Time time;
  private final String key;

  PipeRequest(Connector connector, ChannelPipe pipe, SecureRandom random, Time time) {
    super(connector, time);
    this.pipe = pipe;
    this.random = random;
    this.time = time;
    byte[] bytes = new byte[KEY_BYTES];
    random.nextBytes(bytes);
    this.key = Base64.getEncoder().encodeToString(bytes);
  }

  @Override
  FullHttpRequest request() {
    FullHttpRequest request =
        new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, Paths.TUNNEL);
    request
        .headers()
        .set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET)
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE)
        .set(HttpHeaderNames.SEC_WEBSOCKET_VERSION, "13")
        .set(HttpHeaderNames.SEC_WEBSOCKET_KEY, key)
        .set(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, Paths.SUBPROTOCOL);
    return request;
  }

  @Override
  void answered(ChannelHandlerContext ctx, FullHttpResponse response) {
    if (!response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
      throw refusal(response);
    }
    require(response, HttpHeaderNames.SEC_WEBSOCKET_ACCEPT, Handshake.accept(key));
    require(response, HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, Paths.SUBPROTOCOL);
    if (response.headers().contains(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS)) {
      throw new TransportException(hub() + ": an extension that was not offered (expected: none)");
    }
    ChannelPipeline pipeline = ctx.pipeline();
    HttpClientCodec codec = pipeline.get(HttpClientCodec.class);
    pipeline.remove(HttpObjectAggregator.class);
    codec.removeOutboundHandler();
    pipeline.addLast(PipeFrames.decoder(false), PipeFrames.agent(new Masks(random), time), pipe);
    pipeline.remove(this);
    // Not from within its own decoding: what it has read beyond the 101 is handed on then.
    ctx.channel().eventLoop().execute(() -> pipeline.remove(codec));
  }

  private void require(FullHttpResponse response, CharSequence field, String value) {
    String found = response.headers().get(field);
    if (!value.equals(found)) {
      throw new TransportException(
          hub() + ": " + field + " is not the one asked for (is this a Fairlead hub?)");
    }
  }

  @Override
  void fail(FairleadException why) {
    pipe.failed(why);
  }
}
