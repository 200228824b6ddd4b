package dev.fairlead.transport.websocket;

import dev.fairlead.api.FairleadException;
import dev.fairlead.api.InstallToken;
import dev.fairlead.api.Time;
import dev.fairlead.api.transport.Enrolment;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Enrolment, with a token, or renewal, without. */
final class CertificateRequest extends RequestHandler {

  private final @Nullable InstallToken token;
  private final byte[] csr;
  private final CompletableFuture<Enrolment> enrolment = new CompletableFuture<>();

  CertificateRequest(Connector connector, @Nullable InstallToken token, byte[] csr, Time time) {
    super(connector, time);
    this.token = token;
    this.csr = csr.clone();
  }

  CompletableFuture<Enrolment> enrolment() {
    return enrolment;
  }

  @Override
  FullHttpRequest request() {
    FullHttpRequest request =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1,
            HttpMethod.POST,
            token == null ? Paths.RENEW : Paths.ENROL,
            Unpooled.wrappedBuffer(csr));
    request
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, Paths.PKCS10)
        .set(HttpHeaderNames.CONTENT_LENGTH, csr.length)
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    if (token != null) {
      request.headers().set(HttpHeaderNames.AUTHORIZATION, "Bearer " + token.reveal());
    }
    return request;
  }

  @Override
  void answered(ChannelHandlerContext ctx, FullHttpResponse response) {
    if (response.status().code() != 200) {
      throw refusal(response);
    }
    enrolment.complete(Chains.decode(hub().toString(), ByteBufUtil.getBytes(response.content())));
    ctx.close();
  }

  @Override
  void fail(FairleadException why) {
    enrolment.completeExceptionally(why);
  }
}
