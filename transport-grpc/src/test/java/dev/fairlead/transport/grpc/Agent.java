package dev.fairlead.transport.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.api.transport.Pipe;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An agent's end of a pipe that takes all it gets. */
final class Agent implements Pipe.Listener {

  private final Pipe pipe;
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final CompletableFuture<Object> closed = new CompletableFuture<>();
  private final BlockingQueue<byte[]> chunks = new LinkedBlockingQueue<>();

  Agent(Pipe pipe) {
    this.pipe = pipe;
    pipe.start(this);
    pipe.request(Integer.MAX_VALUE);
  }

  Agent ready() throws Exception {
    ready.get(30, TimeUnit.SECONDS);
    return this;
  }

  void send(byte[] bytes) {
    pipe.write(ByteBuffer.wrap(bytes));
  }

  void end() {
    pipe.end();
  }

  byte[] receive(int size) throws InterruptedException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    while (all.size() < size) {
      byte[] chunk = chunks.poll(30, TimeUnit.SECONDS);
      assertThat(chunk).as("bytes within 30 s, after %d", all.size()).isNotNull();
      all.writeBytes(chunk);
    }
    return all.toByteArray();
  }

  void awaitEnd() throws Exception {
    ended.get(30, TimeUnit.SECONDS);
  }

  /** The cause, or "in order". */
  Object closed() throws Exception {
    return closed.get(30, TimeUnit.SECONDS);
  }

  @Override
  public void onReady() {
    ready.complete(null);
  }

  @Override
  public void onData(ByteBuffer data) {
    byte[] bytes = new byte[data.remaining()];
    data.get(bytes);
    chunks.add(bytes);
  }

  @Override
  public void onEnd() {
    ended.complete(null);
  }

  @Override
  public void onClosed(@Nullable Throwable cause) {
    closed.complete(cause == null ? "in order" : cause);
    if (cause != null) {
      ready.completeExceptionally(cause);
    }
  }
}
