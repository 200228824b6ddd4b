package dev.fairlead.client.fabric8;

import dev.fairlead.core.http.Heads;
import io.fabric8.kubernetes.client.http.StandardHttpRequest;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Heads between fabric8's form and the engine's. */
final class RequestHead {

  private RequestHead() {}

  static Http2Headers of(StandardHttpRequest request) {
    String query = request.uri().getRawQuery();
    String path = request.uri().getRawPath();
    Http2Headers head =
        Heads.create()
            .method(request.method())
            .scheme("https")
            .authority(request.uri().getRawAuthority())
            .path(query == null ? path : path + "?" + query);
    request.headers().forEach((name, values) -> head.add(name.toLowerCase(Locale.ROOT), values));
    String contentType = request.getContentType();
    if (contentType != null) {
      head.set("content-type", contentType);
    }
    return head;
  }

  /** The fields of a response, without pseudo-header fields. */
  static Map<String, List<String>> fields(Http2Headers head) {
    Map<String, List<String>> fields = new LinkedHashMap<>();
    for (Map.Entry<CharSequence, CharSequence> field : head) {
      String name = field.getKey().toString();
      if (!name.startsWith(":")) {
        fields.computeIfAbsent(name, first -> new ArrayList<>()).add(field.getValue().toString());
      }
    }
    return fields;
  }
}
