package dev.fairlead.core.http;

import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;

/** Knows the request that a response belongs to, as a response to HEAD has no body. */
final class Http1ResponseEncoder extends HttpResponseEncoder {

  private boolean head;

  void begin(HttpRequest request) {
    head = request.method().equals(HttpMethod.HEAD);
  }

  @Override
  protected boolean isContentAlwaysEmpty(HttpResponse response) {
    return head || response.status().code() == 101 || super.isContentAlwaysEmpty(response);
  }
}
