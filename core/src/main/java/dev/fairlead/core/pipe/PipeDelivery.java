package dev.fairlead.core.pipe;

import dev.fairlead.api.transport.Pipe;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands the events of one pipe to its {@link Pipe.Listener}: one after the other, data only on
 * demand, the end after the data, the close exactly once and last. A transport reports what
 * happens, from any thread and in any order; it never calls the listener itself.
 *
 * <p>Chunks that wait for demand are held here. The transport keeps their number bounded: it learns
 * from {@link Hooks#handedOver} when one has left.
 *
 * <p>The executor decides on which thread callbacks run. It may run a task at once in the thread
 * that reports an event, except when that thread is inside a call of the pipe; each delivery has at
 * most one task under way.
 */
public final class PipeDelivery {

  /** What the transport learns. Calls are serial, on the thread that called the listener. */
  public interface Hooks {

    /**
     * The listener took a chunk.
     *
     * @param bytes its size
     */
    void handedOver(int bytes);

    /** The listener learned that the peer's direction ended. */
    void endHandedOver();

    /** The listener learned that the pipe is closed; no hook follows. */
    void closeHandedOver();

    /**
     * The listener threw: the pipe is to be aborted.
     *
     * @param failure what it threw
     */
    void listenerFailed(Throwable failure);
  }

  private enum Event {
    NONE,
    READY,
    DATA,
    END,
    CLOSED
  }

  private static final Logger LOG = LoggerFactory.getLogger(PipeDelivery.class);

  private final Executor executor;
  private final int burst;
  private final Hooks hooks;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition idle = lock.newCondition();
  private final ArrayDeque<ByteBuffer> chunks = new ArrayDeque<>();
  private Pipe.@Nullable Listener listener;
  private @Nullable Thread deliverer;
  private boolean scheduled;
  private long demand;
  private boolean readyDue;
  private boolean readyWasLast;
  private boolean endDue;
  private boolean endDone;
  private boolean closeDue;
  private boolean closeDone;
  private boolean sealed;
  private @Nullable Throwable failure;

  /**
   * Makes a delivery without a listener.
   *
   * @param executor where callbacks run
   * @param burst how many callbacks one task makes before it yields to the executor's other tasks;
   *     {@link Integer#MAX_VALUE} if the executor may run a task at once in the thread that hands
   *     it over
   * @param hooks what the transport learns
   */
  public PipeDelivery(Executor executor, int burst, Hooks hooks) {
    this.executor = Objects.requireNonNull(executor, "executor");
    this.burst = burst;
    this.hooks = Objects.requireNonNull(hooks, "hooks");
  }

  /**
   * Begins to deliver.
   *
   * @param first the listener
   * @throws IllegalStateException if there is one already, or if the delivery was {@link #finish
   *     finished}
   */
  public void start(Pipe.Listener first) {
    Objects.requireNonNull(first, "listener");
    lock.lock();
    try {
      if (sealed) {
        throw new IllegalStateException(
            "the transport of this pipe was closed before the pipe was started");
      }
      if (listener != null || closeDone) {
        throw new IllegalStateException("the pipe was started before");
      }
      listener = first;
    } finally {
      unlockAndWake();
    }
  }

  /**
   * Adds to the listener's demand.
   *
   * @param more how many more chunks it takes
   * @throws IllegalArgumentException if {@code more} is less than 1
   * @throws IllegalStateException if the delivery was not started
   */
  public void request(int more) {
    if (more < 1) {
      throw new IllegalArgumentException("chunks: " + more + " (expected: at least 1)");
    }
    lock.lock();
    try {
      requireStarted();
      demand = Math.min(demand + more, Long.MAX_VALUE / 2);
    } finally {
      unlockAndWake();
    }
  }

  /**
   * Checks that there is, or was, a listener.
   *
   * @throws IllegalStateException if the delivery was not started
   */
  public void requireStarted() {
    if (!isStarted()) {
      throw new IllegalStateException("the pipe was not started");
    }
  }

  /** Reports that the pipe can take bytes. */
  public void ready() {
    lock.lock();
    try {
      readyDue = !closeDue;
    } finally {
      unlockAndWake();
    }
  }

  /**
   * Reports bytes of the peer. Dropped if the pipe is closed.
   *
   * @param chunk 1 to {@link Pipe#MAX_CHUNK} bytes that nobody else touches any more
   */
  public void data(ByteBuffer chunk) {
    lock.lock();
    try {
      if (closeDue) {
        return;
      }
      chunks.add(chunk);
    } finally {
      unlockAndWake();
    }
  }

  /** Reports that no more bytes will come from the peer. */
  public void end() {
    lock.lock();
    try {
      endDue = true;
    } finally {
      unlockAndWake();
    }
  }

  /**
   * Reports that the pipe is closed. The first report counts.
   *
   * @param cause null to deliver what was reported before, otherwise why all that is dropped
   * @return whether this was the first report
   */
  public boolean close(@Nullable Throwable cause) {
    lock.lock();
    try {
      if (closeDue) {
        return false;
      }
      closeDue = true;
      failure = cause;
      if (cause != null) {
        chunks.clear();
        readyDue = false;
      }
    } finally {
      unlockAndWake();
    }
    return true;
  }

  /**
   * Whether the pipe was reported closed.
   *
   * @return true from the first {@link #close} on
   */
  public boolean isClosed() {
    lock.lock();
    try {
      return closeDue;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Whether there is, or was, a listener.
   *
   * @return true from {@link #start} on
   */
  public boolean isStarted() {
    lock.lock();
    try {
      return listener != null || closeDone;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Whether the calling thread is in a callback of this pipe.
   *
   * @return true if the listener called what calls this
   */
  public boolean isCallingBack() {
    lock.lock();
    try {
      return Objects.equals(deliverer, Thread.currentThread());
    } finally {
      lock.unlock();
    }
  }

  /**
   * Delivers all that is due, in this thread, and returns when no callback will come any more; to
   * be called after {@link #close}. Called from within a callback, it leaves what is due to the
   * thread it is on. A delivery that was not started cannot be started any more.
   */
  public void finish() {
    lock.lock();
    try {
      sealed = true;
      if (Objects.equals(deliverer, Thread.currentThread())) {
        return;
      }
      while (deliverer != null) {
        idle.awaitUninterruptibly();
      }
      deliverer = Thread.currentThread();
    } finally {
      lock.unlock();
    }
    deliver(Integer.MAX_VALUE);
  }

  /** Ends a change of the state; what became due is handed to the executor without the lock. */
  private void unlockAndWake() {
    boolean wake;
    try {
      wake = !scheduled && deliverer == null && next() != Event.NONE;
      scheduled |= wake;
    } finally {
      lock.unlock();
    }
    if (wake) {
      try {
        executor.execute(this::run);
      } catch (RejectedExecutionException ended) {
        if (!isSealed()) {
          throw ended;
        }
        // Whoever finished the delivery handed over what was due, then ended the executor.
      }
    }
  }

  private boolean isSealed() {
    lock.lock();
    try {
      return sealed;
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    lock.lock();
    try {
      scheduled = false;
      if (deliverer != null) {
        return;
      }
      deliverer = Thread.currentThread();
    } finally {
      lock.unlock();
    }
    deliver(burst);
  }

  private void deliver(int most) {
    int left = most;
    while (true) {
      Event event;
      ByteBuffer chunk = null;
      Pipe.Listener to;
      Throwable cause;
      lock.lock();
      try {
        event = next();
        to = listener;
        cause = failure;
        if (event == Event.NONE || to == null || left-- == 0) {
          deliverer = null;
          idle.signalAll();
          return;
        }
        readyWasLast = event == Event.READY;
        switch (event) {
          case READY -> readyDue = false;
          case DATA -> {
            chunk = chunks.remove();
            demand--;
          }
          case END -> endDone = true;
          case CLOSED -> {
            closeDone = true;
            listener = null;
          }
          case NONE -> {}
        }
      } finally {
        unlockAndWake();
      }
      call(to, event, chunk, cause);
    }
  }

  private Event next() {
    if (listener == null || closeDone) {
      return Event.NONE;
    }
    if (closeDue && failure != null) {
      return Event.CLOSED;
    }
    Event received = nextReceived();
    // A writer that fills the pipe again at once must not keep the peer's bytes from the listener.
    boolean yields = readyWasLast && received != Event.NONE;
    return readyDue && !yields ? Event.READY : received;
  }

  private Event nextReceived() {
    if (!chunks.isEmpty()) {
      return demand > 0 ? Event.DATA : Event.NONE;
    }
    if (endDue && !endDone) {
      return Event.END;
    }
    return closeDue ? Event.CLOSED : Event.NONE;
  }

  private void call(
      Pipe.Listener to, Event event, @Nullable ByteBuffer chunk, @Nullable Throwable cause) {
    try {
      if (chunk != null) {
        int bytes = chunk.remaining();
        to.onData(chunk);
        hooks.handedOver(bytes);
        return;
      }
      switch (event) {
        case READY -> to.onReady();
        case END -> {
          to.onEnd();
          hooks.endHandedOver();
        }
        case CLOSED -> to.onClosed(cause);
        default -> {}
      }
    } catch (Throwable thrown) {
      if (event == Event.CLOSED) {
        LOG.warn("the listener of a pipe failed when it was told that the pipe is closed", thrown);
      } else {
        hooks.listenerFailed(thrown);
      }
    } finally {
      if (event == Event.CLOSED) {
        hooks.closeHandedOver();
      }
    }
  }
}
