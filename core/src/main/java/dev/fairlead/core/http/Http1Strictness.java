package dev.fairlead.core.http;

import dev.fairlead.core.status.KubernetesStatus;
import dev.fairlead.core.status.StatusReason;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Refuses requests that two parsers could read differently (RFC 9112 sections 6.1 and 11.2): what
 * is ambiguous here may be smuggled elsewhere.
 */
final class Http1Strictness {

  private Http1Strictness() {}

  /** What is wrong with a request's head, or null. */
  static @Nullable String flawOf(HttpRequest request) {
    if (request.decoderResult().isFailure()) {
      return "request: malformed (expected: HTTP/1.1 as in RFC 9112)";
    }
    HttpHeaders headers = request.headers();
    HttpVersion version = request.protocolVersion();
    if (version.majorVersion() != 1) {
      return "request: another version of HTTP (expected: HTTP/1.1 or HTTP/1.0)";
    }
    List<String> encodings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
    if (!encodings.isEmpty()) {
      if (headers.contains(HttpHeaderNames.CONTENT_LENGTH)) {
        return "request: Content-Length and Transfer-Encoding (expected: one of them)";
      }
      if (version.minorVersion() == 0) {
        return "request: Transfer-Encoding in HTTP/1.0 (expected: Content-Length)";
      }
      if (encodings.size() > 1 || !"chunked".equalsIgnoreCase(encodings.get(0))) {
        return "request: Transfer-Encoding other than chunked (expected: chunked)";
      }
    }
    List<String> lengths = headers.getAll(HttpHeaderNames.CONTENT_LENGTH);
    if (lengths.size() > 1 || (lengths.size() == 1 && !lengths.get(0).matches("[0-9]{1,18}"))) {
      return "request: bad Content-Length (expected: one number)";
    }
    if (headers.getAll(HttpHeaderNames.HOST).size() != 1 && version.minorVersion() == 1) {
      return "request: "
          + headers.getAll(HttpHeaderNames.HOST).size()
          + " Host fields (expected: exactly 1)";
    }
    if (Http1Fields.upgrade(headers) != null
        && (HttpUtil.isTransferEncodingChunked(request)
            || HttpUtil.getContentLength(request, 0L) != 0)) {
      return "request: an upgrade with a body (expected: none)";
    }
    return null;
  }

  /** Answers 400 and closes. */
  static void refuse(ChannelHandlerContext ctx, String flaw) {
    byte[] body = KubernetesStatus.of(StatusReason.BAD_REQUEST, flaw).toJson();
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.BAD_REQUEST, Unpooled.wrappedBuffer(body));
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, KubernetesStatus.CONTENT_TYPE)
        .set("x-content-type-options", "nosniff")
        .set(HttpHeaderNames.CONTENT_LENGTH, body.length)
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    ctx.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
  }
}
