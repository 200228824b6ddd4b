package dev.fairlead.client.fabric8;

import dev.fairlead.core.http.Heads;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.WebSocketResponse;
import io.fabric8.kubernetes.client.http.WebSocketUpgradeResponse;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * An answer to an upgrade that is no 101. fabric8 forgets the body of one; but it says why, so it
 * is read here, up to a bound.
 */
final class RefusedUpgrade {

  private static final int LARGEST = 64 * 1024;

  private final HttpRequest request;
  private final Http2Headers head;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();

  RefusedUpgrade(HttpRequest request, Http2Headers head) {
    this.request = request;
    this.head = head;
  }

  /** Takes some of the body, and forgets what is beyond the bound. */
  void add(ByteBuf data) {
    byte[] bytes = new byte[Math.min(data.readableBytes(), LARGEST - body.size())];
    data.readBytes(bytes);
    body.writeBytes(bytes);
  }

  /** Tells the user: with the {@code metav1.Status} if there is one. */
  void tell(CompletableFuture<WebSocketResponse> response) {
    int code = Heads.status(head);
    Status status = status();
    if (status != null) {
      String message = status.getMessage() == null ? "status " + code : status.getMessage();
      response.completeExceptionally(
          new KubernetesClientException(message, null, code, status, request));
      return;
    }
    response.complete(
        new WebSocketResponse(
            new WebSocketUpgradeResponse(request, code, RequestHead.fields(head)),
            new ProtocolException("upgrade: status " + code + " (expected: 101)")));
  }

  private @Nullable Status status() {
    String text = body.toString(StandardCharsets.UTF_8);
    if (!text.contains("\"Status\"")) {
      return null;
    }
    try {
      return new KubernetesSerialization().unmarshal(text, Status.class);
    } catch (RuntimeException noStatus) {
      return null;
    }
  }
}
