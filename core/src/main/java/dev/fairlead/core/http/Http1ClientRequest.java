package dev.fairlead.core.http;

import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request's head as HTTP/1.1, with its body's framing decided (RFC 9112 section 6).
 *
 * @param http the head
 * @param protocol what an upgrade asks for, or null
 * @param length how many bytes the body has; {@link #CHUNKED} if only its end will tell
 */
record Http1ClientRequest(HttpRequest http, @Nullable String protocol, long length) {

  static final long CHUNKED = -1;

  private static final Set<AsciiString> OWN_FIELDS =
      Set.of(
          AsciiString.cached("connection"),
          AsciiString.cached("keep-alive"),
          AsciiString.cached("proxy-connection"),
          AsciiString.cached("te"),
          AsciiString.cached("trailer"),
          AsciiString.cached("transfer-encoding"),
          AsciiString.cached("upgrade"),
          AsciiString.cached("http2-settings"),
          AsciiString.cached("expect"),
          AsciiString.cached("host"),
          AsciiString.cached("content-length"));
  private static final Set<String> METHODS_WITH_BODY = Set.of("POST", "PUT", "PATCH");

  static Http1ClientRequest of(Http2Headers head, boolean end) {
    CharSequence method = head.method();
    CharSequence path = head.path();
    CharSequence authority = head.authority();
    if (method == null || path == null || authority == null) {
      throw new IllegalArgumentException(
          "request: no :method, :path or :authority (expected: all of them)");
    }
    requireTarget(path);
    HttpRequest http =
        new DefaultHttpRequest(
            HttpVersion.HTTP_1_1, HttpMethod.valueOf(method.toString()), path.toString());
    http.headers().set(HttpHeaderNames.HOST, authority);
    for (Map.Entry<CharSequence, CharSequence> field : head) {
      CharSequence name = field.getKey();
      if (name.charAt(0) != ':' && !OWN_FIELDS.contains(AsciiString.of(name))) {
        http.headers().add(name, field.getValue());
      }
    }
    String protocol = Heads.get(head, Heads.PROTOCOL);
    if (protocol != null) {
      http.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE);
      http.headers().set(HttpHeaderNames.UPGRADE, protocol);
      return new Http1ClientRequest(http, protocol, 0);
    }
    return new Http1ClientRequest(http, null, frame(http, head, end));
  }

  private static long frame(HttpRequest http, Http2Headers head, boolean end) {
    List<CharSequence> declared = head.getAll(HttpHeaderNames.CONTENT_LENGTH);
    if (declared.isEmpty()) {
      if (!end) {
        http.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        return CHUNKED;
      }
      if (METHODS_WITH_BODY.contains(http.method().name())) {
        http.headers().set(HttpHeaderNames.CONTENT_LENGTH, "0");
      }
      return 0;
    }
    String text = declared.get(0).toString();
    if (declared.size() > 1 || !text.matches("[0-9]{1,18}")) {
      throw new IllegalArgumentException("request: bad content-length (expected: one number)");
    }
    long length = Long.parseLong(text);
    if (end && length > 0) {
      throw new IllegalArgumentException(
          "request: content-length " + length + " without a body (expected: 0)");
    }
    http.headers().set(HttpHeaderNames.CONTENT_LENGTH, text);
    return length;
  }

  private static void requireTarget(CharSequence path) {
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c <= 0x20 || c >= 0x7f) {
        throw new IllegalArgumentException(
            "request target: a character outside visible ASCII (expected: none)");
      }
    }
    if (path.isEmpty()) {
      throw new IllegalArgumentException("request target: empty (expected: a path)");
    }
  }

  boolean isHead() {
    return http.method().equals(HttpMethod.HEAD);
  }
}
