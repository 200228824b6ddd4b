package dev.fairlead.testkit.cluster;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One exec over a WebSocket. */
final class WebSocketExec implements WebSocket.Listener {
  record Result(String stdout, String stderr, String status) {}

  private final ByteArrayOutputStream[] streams = new ByteArrayOutputStream[4];
  private final ByteArrayOutputStream message = new ByteArrayOutputStream();
  private final CompletableFuture<Result> result = new CompletableFuture<>();
  private final WebSocket socket;

  WebSocketExec(HttpClient http, URI uri, String token, String protocol) {
    for (int i = 0; i < streams.length; i++) {
      streams[i] = new ByteArrayOutputStream();
    }
    socket =
        http.newWebSocketBuilder()
            .header("Authorization", "Bearer " + token)
            .subprotocols(protocol)
            .buildAsync(uri, this)
            .join();
  }

  void stdin(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    ByteBuffer frame = ByteBuffer.allocate(bytes.length + 1).put((byte) 0).put(bytes).flip();
    socket.sendBinary(frame, true).join();
  }

  void closeStdin() {
    socket.sendBinary(ByteBuffer.wrap(new byte[] {(byte) 255, 0}), true).join();
  }

  Result result() {
    return result.join();
  }

  @Override
  public CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer data, boolean last) {
    byte[] bytes = new byte[data.remaining()];
    data.get(bytes);
    message.writeBytes(bytes);
    if (last) {
      byte[] whole = message.toByteArray();
      message.reset();
      streams[whole[0]].write(whole, 1, whole.length - 1);
    }
    webSocket.request(1);
    return null;
  }

  @Override
  public CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
    result.complete(new Result(text(1), text(2), text(3)));
    return null;
  }

  @Override
  public void onError(WebSocket webSocket, Throwable error) {
    result.completeExceptionally(error);
  }

  private String text(int stream) {
    return streams[stream].toString(StandardCharsets.UTF_8);
  }
}
