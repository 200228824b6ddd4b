package dev.fairlead.core.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what an HTTP/1.1 response's head says. */
final class Http1ClientResponse {

  private Http1ClientResponse() {}

  /** The head with its status, without what concerns this connection only. */
  static Http2Headers head(HttpResponse response) {
    Http2Headers head = Heads.create().status(response.status().codeAsText());
    copy(response.headers(), head);
    String protocol = response.status().code() == 101 ? switchedTo(response) : null;
    Heads.removeHopByHop(head);
    if (protocol == null) {
      return head;
    }
    // It says nothing in a 101 (RFC 9110, 8.6), but proxies upon Go's send one and HTTP/2 would
    // hold the bytes that follow against it.
    head.remove(HttpHeaderNames.CONTENT_LENGTH);
    return head.set(Heads.PROTOCOL, protocol);
  }

  static Http2Headers trailers(LastHttpContent last) {
    Http2Headers trailers = Heads.create();
    copy(last.trailingHeaders(), trailers);
    return trailers;
  }

  private static void copy(HttpHeaders from, Http2Headers to) {
    for (Iterator<Map.Entry<CharSequence, CharSequence>> i = from.iteratorCharSequence();
        i.hasNext(); ) {
      Map.Entry<CharSequence, CharSequence> field = i.next();
      to.add(AsciiString.of(field.getKey()).toLowerCase(), field.getValue());
    }
  }

  /** What a 101 says it switched to, or null. */
  static @Nullable String switchedTo(HttpResponse response) {
    boolean upgrade =
        response.headers().containsValue(HttpHeaderNames.CONNECTION, HttpHeaderNames.UPGRADE, true);
    return upgrade ? response.headers().get(HttpHeaderNames.UPGRADE) : null;
  }

  /** Whether nothing follows the head. */
  static boolean isEmpty(HttpResponse response, boolean toHead) {
    int status = response.status().code();
    return toHead
        || status == 204
        || status == 304
        || (!HttpUtil.isTransferEncodingChunked(response)
            && HttpUtil.getContentLength(response, -1L) == 0);
  }

  /** Whether the body's end, and with it the next response's begin, can be told. */
  static boolean isFramed(HttpResponse response, boolean toHead) {
    return isEmpty(response, toHead)
        || HttpUtil.isTransferEncodingChunked(response)
        || HttpUtil.isContentLengthSet(response);
  }
}
