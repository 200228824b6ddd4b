package dev.fairlead.client.fabric8;

import dev.fairlead.core.http.Heads;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.StandardHttpHeaders;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Optional;

/** A response whose body comes as it is asked for. */
final class HubResponse extends StandardHttpHeaders implements HttpResponse<AsyncBody> {

  private final HttpRequest request;
  private final int code;
  private final AsyncBody body;

  HubResponse(HttpRequest request, Http2Headers head, AsyncBody body) {
    super(RequestHead.fields(head));
    this.request = request;
    this.code = Heads.status(head);
    this.body = body;
  }

  @Override
  public int code() {
    return code;
  }

  @Override
  public AsyncBody body() {
    return body;
  }

  @Override
  public HttpRequest request() {
    return request;
  }

  @Override
  public Optional<HttpResponse<?>> previousResponse() {
    return Optional.empty();
  }
}
