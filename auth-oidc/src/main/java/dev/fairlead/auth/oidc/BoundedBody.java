package dev.fairlead.auth.oidc;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Takes a body of bounded size; a larger one is cut off where it exceeds the bound, and fails. */
final class BoundedBody implements HttpResponse.BodySubscriber<byte[]> {

  private final int largest;
  private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
  private final CompletableFuture<byte[]> body = new CompletableFuture<>();
  private Flow.@Nullable Subscription subscription;

  BoundedBody(int largest) {
    this.largest = largest;
  }

  @Override
  public CompletionStage<byte[]> getBody() {
    return body;
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    subscription = given;
    given.request(1);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    Flow.Subscription present = subscription;
    if (present == null || body.isDone()) {
      return;
    }
    for (ByteBuffer buffer : buffers) {
      if (taken.size() + buffer.remaining() > largest) {
        present.cancel();
        body.completeExceptionally(
            new IOException("body: more than " + largest + " bytes (expected: at most that)"));
        return;
      }
      byte[] bytes = new byte[buffer.remaining()];
      buffer.get(bytes);
      taken.write(bytes, 0, bytes.length);
    }
    present.request(1);
  }

  @Override
  public void onError(Throwable failure) {
    body.completeExceptionally(failure);
  }

  @Override
  public void onComplete() {
    body.complete(taken.toByteArray());
  }
}
