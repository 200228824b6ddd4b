package dev.fairlead.core.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns the fields of HTTP/1.1 into those of heads, and back. */
final class Http1Fields {

  private Http1Fields() {}

  /** Adds all fields, with names in lower case. */
  static void copy(HttpHeaders from, Http2Headers to) {
    for (Iterator<Map.Entry<CharSequence, CharSequence>> i = from.iteratorCharSequence();
        i.hasNext(); ) {
      Map.Entry<CharSequence, CharSequence> field = i.next();
      to.add(AsciiString.of(field.getKey()).toLowerCase(), field.getValue());
    }
  }

  /** Adds all fields but pseudo-header fields. */
  static void copy(Http2Headers from, HttpHeaders to) {
    for (Map.Entry<CharSequence, CharSequence> field : from) {
      CharSequence name = field.getKey();
      if (name.length() > 0 && name.charAt(0) != ':') {
        to.add(name, field.getValue());
      }
    }
  }

  /** The protocol that a head's Connection and Upgrade fields ask for, or null. */
  static @Nullable CharSequence upgrade(HttpHeaders headers) {
    return headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderNames.UPGRADE, true)
        ? headers.get(HttpHeaderNames.UPGRADE)
        : null;
  }
}
