package dev.fairlead.testkit.transport;

import dev.fairlead.api.transport.Pipe;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A listener that keeps what it is told, lets a test wait for it, and notes each breach of what
 * {@link Pipe.Listener} promises in every case: calls one at a time, not from within a call, data
 * only on demand and within its limit, nothing after the end but the close, nothing after the
 * close.
 */
final class Recorder implements Pipe.Listener {

  private final String name;
  private final Supplier<Duration> patience;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<String> breaches = new ArrayList<>();
  private final List<ByteBuffer> chunks = new ArrayList<>();
  private final List<byte[]> copies = new ArrayList<>();
  private @Nullable WatchedPipe pipe;
  private @Nullable Thread calling;
  private volatile Consumer<ByteBuffer> dataHook = data -> {};
  private volatile Runnable readyHook = () -> {};
  private volatile Runnable endHook = () -> {};
  private volatile Runnable closedHook = () -> {};
  private volatile boolean keeping = true;
  private long requested;
  private long received;
  private long chunkCount;
  private int readies;
  private int ends;
  private int closes;
  private @Nullable Throwable cause;

  Recorder(String name, Supplier<Duration> patience) {
    this.name = name;
    this.patience = patience;
  }

  void watch(WatchedPipe watched) {
    lock.lock();
    try {
      pipe = watched;
    } finally {
      lock.unlock();
    }
  }

  Recorder onData(Consumer<ByteBuffer> hook) {
    dataHook = hook;
    return this;
  }

  Recorder onReady(Runnable hook) {
    readyHook = hook;
    return this;
  }

  Recorder onEnd(Runnable hook) {
    endHook = hook;
    return this;
  }

  Recorder onClosed(Runnable hook) {
    closedHook = hook;
    return this;
  }

  /** Keeps the pipe's bytes out of memory; they are only counted. */
  Recorder counting() {
    keeping = false;
    return this;
  }

  /** Requests through here, so that the demand is known. */
  void request(int more) {
    WatchedPipe to;
    lock.lock();
    try {
      requested += more;
      to = Objects.requireNonNull(pipe, "pipe");
    } finally {
      lock.unlock();
    }
    to.request(more);
  }

  @Override
  public void onReady() {
    enter("onReady");
    try {
      note(() -> readies++);
      readyHook.run();
    } finally {
      leave();
    }
  }

  @Override
  public void onData(ByteBuffer data) {
    enter("onData");
    try {
      note(() -> record(data));
      dataHook.accept(data.duplicate());
    } finally {
      leave();
    }
  }

  private void record(ByteBuffer data) {
    int size = data.remaining();
    if (size < 1 || size > Pipe.MAX_CHUNK) {
      breaches.add("onData with " + size + " bytes (expected: 1-" + Pipe.MAX_CHUNK + ")");
    }
    if (ends > 0) {
      breaches.add("onData after onEnd");
    }
    chunkCount++;
    if (chunkCount > requested) {
      breaches.add("onData number " + chunkCount + " with a demand of " + requested);
    }
    received += size;
    if (keeping) {
      chunks.add(data);
      byte[] copy = new byte[size];
      data.duplicate().get(copy);
      copies.add(copy);
    }
  }

  @Override
  public void onEnd() {
    enter("onEnd");
    try {
      note(
          () -> {
            ends++;
            if (ends > 1) {
              breaches.add("onEnd for the second time");
            }
          });
      endHook.run();
    } finally {
      leave();
    }
  }

  @Override
  public void onClosed(@Nullable Throwable why) {
    enter("onClosed");
    try {
      note(
          () -> {
            closes++;
            cause = why;
            if (why == null && ends == 0) {
              breaches.add("onClosed without a cause before onEnd");
            }
          });
      closedHook.run();
    } finally {
      leave();
    }
  }

  private void enter(String call) {
    note(
        () -> {
          if (calling != null) {
            breaches.add(call + " while another callback runs");
          }
          if (pipe != null && pipe.isInsideCall()) {
            breaches.add(call + " from within a call of the pipe");
          }
          if (closes > 0) {
            breaches.add(call + " after onClosed");
          }
          calling = Thread.currentThread();
        });
  }

  private void leave() {
    note(() -> calling = null);
  }

  private void note(Runnable change) {
    lock.lock();
    try {
      change.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private <T> T look(Supplier<T> what) {
    lock.lock();
    try {
      return what.get();
    } finally {
      lock.unlock();
    }
  }

  int readies() {
    return look(() -> readies);
  }

  long received() {
    return look(() -> received);
  }

  long chunkCount() {
    return look(() -> chunkCount);
  }

  int closes() {
    return look(() -> closes);
  }

  int ends() {
    return look(() -> ends);
  }

  List<ByteBuffer> chunks() {
    return look(() -> List.copyOf(chunks));
  }

  List<String> breaches() {
    return look(() -> breaches.stream().map(breach -> name + ": " + breach).toList());
  }

  /** All bytes as they were when they came. */
  byte[] bytes() {
    return look(
        () -> {
          ByteBuffer all = ByteBuffer.allocate((int) received);
          copies.forEach(all::put);
          return all.array();
        });
  }

  void awaitReadies(int count) {
    await(() -> readies >= count, count + " onReady");
  }

  void awaitBytes(long count) {
    await(() -> received >= count, count + " bytes");
  }

  void awaitChunks(long count) {
    await(() -> chunkCount >= count, count + " chunks");
  }

  void awaitChunksOrEnd(long count) {
    await(() -> chunkCount >= count || ends > 0, count + " chunks or onEnd");
  }

  void awaitEnd() {
    await(() -> ends > 0, "onEnd");
  }

  @Nullable Throwable awaitClosed() {
    await(() -> closes > 0, "onClosed");
    return cause;
  }

  /**
   * Waits for a further onReady, for a short time only; for telling a stalled writer from a slow
   * one.
   */
  boolean readyAgain(int before, Duration within) {
    return waitFor(() -> readies > before || closes > 0, () -> within);
  }

  /** Waits for a breach that must not come, for a short time only. */
  boolean breachesWithin(Duration within) {
    return waitFor(() -> !breaches.isEmpty(), () -> within);
  }

  private void await(BooleanSupplier condition, String what) {
    if (!waitFor(condition, patience)) {
      throw new AssertionError(
          name + ": no " + what + " within " + patience.get() + ", but " + state());
    }
  }

  private boolean waitFor(BooleanSupplier condition, Supplier<Duration> within) {
    Deadline deadline = new Deadline(within);
    lock.lock();
    try {
      while (!condition.getAsBoolean()) {
        if (deadline.hasPassed()) {
          return false;
        }
        changed.awaitNanos(deadline.nanosToWait());
      }
      return true;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", interrupted);
    } finally {
      lock.unlock();
    }
  }

  private String state() {
    return look(
        () ->
            readies
                + " onReady, "
                + received
                + " bytes in "
                + chunkCount
                + " chunks of "
                + requested
                + " requested, "
                + ends
                + " onEnd, "
                + closes
                + " onClosed"
                + (cause == null ? "" : " with " + cause));
  }
}
