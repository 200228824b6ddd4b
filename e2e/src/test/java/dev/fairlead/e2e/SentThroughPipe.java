package dev.fairlead.e2e;

import dev.fairlead.api.transport.Pipe;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Bytes that an agent of a test's own sends through its pipe, and how that ends. */
final class SentThroughPipe implements Pipe.Listener {

  private static final int SECONDS = 30;

  private final Pipe pipe;
  private final byte[] bytes;
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private boolean sent;

  private SentThroughPipe(Pipe pipe, byte[] bytes) {
    this.pipe = pipe;
    this.bytes = bytes;
  }

  static SentThroughPipe of(Pipe pipe, byte[] bytes) {
    SentThroughPipe sending = new SentThroughPipe(pipe, bytes);
    pipe.start(sending);
    pipe.request(1_000);
    return sending;
  }

  /** Waits until the hub has closed the pipe. */
  void awaitClosed() {
    closed.orTimeout(SECONDS, TimeUnit.SECONDS).join();
  }

  @Override
  public void onReady() {
    if (!sent) {
      sent = true;
      pipe.write(ByteBuffer.wrap(bytes));
    }
  }

  @Override
  public void onData(ByteBuffer data) {
    // The hub's own frames.
  }

  @Override
  public void onEnd() {
    pipe.end();
  }

  @Override
  public void onClosed(@Nullable Throwable cause) {
    closed.complete(null);
  }
}
