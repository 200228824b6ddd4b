package dev.fairlead.transport.grpc;

import dev.fairlead.api.InvalidException;
import dev.fairlead.core.pipe.OpenPipes;
import dev.fairlead.core.pipe.PipeDelivery;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What both ends of a pipe over a gRPC call have in common. gRPC is asked for a few messages ahead
 * of the listener's demand, so that an end, which needs no demand, is seen; those messages are all
 * that waits here.
 */
abstract class GrpcPipe implements OpenPipes.Member {

  /** How many messages are under way from gRPC, or wait for demand. */
  static final int AHEAD = 4;

  private final CallThreads threads;
  private final OpenPipes pipes;
  private final PipeDelivery delivery;

  /**
   * Guards what is sent: gRPC calls are not for several threads, but an abort may come from any.
   */
  private final ReentrantLock sending = new ReentrantLock();

  private final AtomicBoolean toldReady = new AtomicBoolean();

  private volatile boolean connected;
  private volatile boolean ended;
  private volatile boolean closed;
  private boolean peerEnded;

  GrpcPipe(CallThreads threads, OpenPipes pipes) {
    this.threads = threads;
    this.pipes = pipes;
    this.delivery = new PipeDelivery(threads, Integer.MAX_VALUE, new Hooks());
  }

  /** Whether gRPC takes a message without queueing more than {@link Methods#READY_BYTES}. */
  abstract boolean callIsReady();

  abstract void send(Frame frame);

  abstract void requestMessages(int count);

  /** The listener is there. */
  abstract void started();

  /** This side's direction ended; its last frame was sent. */
  abstract void sentEnd();

  /** The listener learned that the peer's direction ended. */
  abstract void deliveredEnd();

  /** Breaks the call off. */
  abstract void breakOff(Throwable cause);

  @Override
  public final void start(Listener listener) {
    Objects.requireNonNull(listener, "listener");
    threads.call(
        () -> {
          if (!pipes.add(this)) {
            throw new IllegalStateException(
                "the transport of this pipe was closed before the pipe was started");
          }
          delivery.start(listener);
          started();
        });
  }

  @Override
  public final void request(int chunks) {
    threads.call(() -> delivery.request(chunks));
  }

  @Override
  public final boolean isReady() {
    return connected && !ended && !closed && callIsReady();
  }

  @Override
  public final void write(ByteBuffer... data) {
    delivery.requireStarted();
    int size = 0;
    for (ByteBuffer part : data) {
      size = Math.addExact(size, part.remaining());
    }
    if (size > MAX_CHUNK) {
      throw new IllegalArgumentException(
          "write: " + size + " bytes (expected: at most " + MAX_CHUNK + ")");
    }
    int bytes = size;
    threads.call(() -> write(data, bytes));
    for (ByteBuffer part : data) {
      part.position(part.limit());
    }
  }

  private void write(ByteBuffer[] data, int size) {
    sending.lock();
    try {
      if (ended) {
        throw new IllegalStateException("write after end");
      }
      if (!closed && size > 0) {
        // A call that is ready frames a message within send; one that is not may keep it for later.
        send(connected && callIsReady() ? Frame.of(data, size) : Frame.copyOf(data, size));
        if (!callIsReady()) {
          toldReady.set(false);
          ready();
        }
      }
    } finally {
      sending.unlock();
    }
  }

  @Override
  public final void end() {
    delivery.requireStarted();
    threads.call(this::sendEnd);
  }

  private void sendEnd() {
    sending.lock();
    try {
      if (ended || closed) {
        return;
      }
      ended = true;
      send(Frame.END);
      sentEnd();
    } finally {
      sending.unlock();
    }
  }

  @Override
  public final void abort(Throwable cause) {
    Objects.requireNonNull(cause, "cause");
    threads.call(
        () -> {
          if (close(cause)) {
            sending.lock();
            try {
              breakOff(cause);
            } finally {
              sending.unlock();
            }
          }
        });
  }

  /** Tells the listener that the pipe is closed; false if it was closed before. */
  final boolean close(@Nullable Throwable cause) {
    sending.lock();
    try {
      closed = true;
    } finally {
      sending.unlock();
    }
    boolean first = delivery.close(cause);
    if (!delivery.isStarted()) {
      pipes.remove(this);
    }
    return first;
  }

  /** Bytes can be sent now, as far as gRPC is ready. */
  final void connected() {
    connected = true;
    ready();
  }

  /** gRPC may have become ready; the listener is told once for each time it did. */
  final void ready() {
    if (isReady() && toldReady.compareAndSet(false, true)) {
      delivery.ready();
    }
  }

  /** A message came; gRPC's calls of this are serial. */
  final void received(Frame frame) {
    if (frame.problem() != null) {
      violated(frame.problem());
      return;
    }
    if (peerEnded) {
      violated("a chunk after the end (expected: none)");
      return;
    }
    if (frame.size() > 0) {
      delivery.data(frame.data()[0]);
    } else if (!frame.end()) {
      requestMessages(1);
    }
    if (frame.end()) {
      peerEnded();
    }
  }

  /** The peer's direction ended, after the messages that came. */
  final void peerEnded() {
    if (!peerEnded) {
      peerEnded = true;
      delivery.end();
    }
  }

  final boolean hasPeerEnded() {
    return peerEnded;
  }

  final boolean hasEnded() {
    return ended;
  }

  private void violated(String problem) {
    abort(new InvalidException(problem));
  }

  final ReentrantLock sending() {
    return sending;
  }

  @Override
  public final void finish() {
    delivery.finish();
  }

  @Override
  public final boolean isCallingBack() {
    return delivery.isCallingBack();
  }

  private final class Hooks implements PipeDelivery.Hooks {
    @Override
    public void handedOver(int bytes) {
      if (!closed) {
        requestMessages(1);
      }
    }

    @Override
    public void endHandedOver() {
      deliveredEnd();
    }

    @Override
    public void closeHandedOver() {
      pipes.remove(GrpcPipe.this);
    }

    @Override
    public void listenerFailed(Throwable failure) {
      abort(failure);
    }
  }
}
