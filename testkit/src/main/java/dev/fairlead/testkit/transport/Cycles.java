package dev.fairlead.testkit.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.api.transport.Pipe;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Pipes that are opened, carry a chunk each way and are closed, some at a time: in order, or
 * aborted by either side.
 */
final class Cycles {

  private static final int AT_ONCE = 8;
  private static final byte[] CHUNK = new byte[Pipe.MAX_CHUNK];

  /** How a pipe is closed, and by whom. */
  private enum Way {
    IN_ORDER,
    BY_AGENT,
    BY_HUB
  }

  private final Supplier<Duration> patience;
  private final Semaphore open = new Semaphore(AT_ONCE);
  private final Semaphore openAtHub = new Semaphore(0);
  private final Queue<WeakReference<Pipe.Listener>> listeners = new ConcurrentLinkedQueue<>();
  private final Queue<String> surprises = new ConcurrentLinkedQueue<>();

  Cycles(Supplier<Duration> patience) {
    this.patience = patience;
  }

  void run(int count, Supplier<Pipe> dial) {
    for (int cycle = 0; cycle < count; cycle++) {
      acquire(open, 1, "pipes closed at the agent");
      AgentEnd end = new AgentEnd(dial.get(), Way.values()[cycle % Way.values().length]);
      listeners.add(new WeakReference<>(end));
      end.pipe.start(end);
    }
    acquire(open, AT_ONCE, "pipes closed at the agent");
    open.release(AT_ONCE);
    acquire(openAtHub, count, "pipes closed at the hub");
    assertThat(surprises).as("closes that were not in order").isEmpty();
  }

  /** Takes the hub's end of a pipe. */
  void accept(Pipe pipe) {
    HubEnd end = new HubEnd(pipe);
    listeners.add(new WeakReference<>(end));
    pipe.start(end);
  }

  /** Waits until nobody holds a listener of a closed pipe. */
  void awaitForgotten() {
    Deadline deadline = new Deadline(patience);
    while (listeners.stream().anyMatch(listener -> listener.get() != null)) {
      assertThat(deadline.hasPassed()).as("listeners of closed pipes are still held").isFalse();
      System.gc();
    }
  }

  private void acquire(Semaphore semaphore, int count, String what) {
    Deadline deadline = new Deadline(patience);
    try {
      while (!semaphore.tryAcquire(count, deadline.nanosToWait(), TimeUnit.NANOSECONDS)) {
        if (deadline.hasPassed()) {
          throw new AssertionError("not all " + what + " within " + patience.get());
        }
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", interrupted);
    }
  }

  /** Sends a chunk that says how the pipe is to be closed, and closes it once it has an answer. */
  private final class AgentEnd implements Pipe.Listener {
    private final Pipe pipe;
    private final Way way;
    private boolean sent;

    AgentEnd(Pipe pipe, Way way) {
      this.pipe = pipe;
      this.way = way;
    }

    @Override
    public void onReady() {
      if (!sent) {
        sent = true;
        pipe.request(Integer.MAX_VALUE);
        pipe.write(
            ByteBuffer.wrap(new byte[] {(byte) way.ordinal()}),
            ByteBuffer.wrap(CHUNK, 0, CHUNK.length - 1));
      }
    }

    @Override
    public void onData(ByteBuffer data) {
      switch (way) {
        case IN_ORDER -> pipe.end();
        case BY_AGENT -> pipe.abort(new IllegalStateException("enough"));
        case BY_HUB -> {}
      }
    }

    @Override
    public void onEnd() {}

    @Override
    public void onClosed(@Nullable Throwable cause) {
      if (way == Way.IN_ORDER && cause != null) {
        surprises.add("at the agent: " + cause);
      }
      open.release();
    }
  }

  /** Answers the first bytes with a chunk, and closes its side as they say. */
  private final class HubEnd implements Pipe.Listener {
    private final Pipe pipe;
    private @Nullable Way way;

    HubEnd(Pipe pipe) {
      this.pipe = pipe;
    }

    @Override
    public void onReady() {
      if (way == null) {
        pipe.request(Integer.MAX_VALUE);
      }
    }

    @Override
    public void onData(ByteBuffer data) {
      if (way == null) {
        Way asked = Way.values()[data.get()];
        way = asked;
        if (asked == Way.BY_HUB) {
          pipe.abort(new IllegalStateException("enough"));
        } else {
          pipe.write(ByteBuffer.wrap(CHUNK));
        }
      }
    }

    @Override
    public void onEnd() {
      pipe.end();
    }

    @Override
    public void onClosed(@Nullable Throwable cause) {
      if (Objects.equals(way, Way.IN_ORDER) && cause != null) {
        surprises.add("at the hub: " + cause);
      }
      openAtHub.release();
    }
  }
}
