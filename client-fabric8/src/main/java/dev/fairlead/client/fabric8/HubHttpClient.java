package dev.fairlead.client.fabric8;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.StandardHttpClient;
import io.fabric8.kubernetes.client.http.StandardHttpRequest;
import io.fabric8.kubernetes.client.http.StandardWebSocketBuilder;
import io.fabric8.kubernetes.client.http.WebSocket;
import io.fabric8.kubernetes.client.http.WebSocketResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** fabric8's HTTP client upon the engine of a hub. */
final class HubHttpClient extends StandardHttpClient<HubHttpClient, HubHttp, HubHttpBuilder> {

  private final Calls calls;

  HubHttpClient(HubHttpBuilder builder, AtomicBoolean closed, Calls calls) {
    super(builder, closed);
    this.calls = calls;
  }

  Calls calls() {
    return calls;
  }

  @Override
  public CompletableFuture<HttpResponse<AsyncBody>> consumeBytesDirect(
      StandardHttpRequest request, AsyncBody.Consumer<List<ByteBuffer>> consumer) {
    return new ResponseCall(calls, request, consumer).start();
  }

  @Override
  public CompletableFuture<WebSocketResponse> buildWebSocketDirect(
      StandardWebSocketBuilder wanted, WebSocket.Listener listener) {
    return new SocketCall(calls, wanted.asHttpRequest(), wanted.getSubprotocol(), listener).start();
  }

  @Override
  protected void doClose() {
    calls.close();
  }
}
