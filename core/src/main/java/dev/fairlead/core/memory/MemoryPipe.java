package dev.fairlead.core.memory;

import dev.fairlead.api.FairleadException;
import dev.fairlead.api.TransportException;
import dev.fairlead.core.pipe.OpenPipes;
import dev.fairlead.core.pipe.PipeDelivery;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** One end of a pipe in memory. What it writes waits, counted, in the delivery of the other end. */
final class MemoryPipe implements OpenPipes.Member {

  /** What a chunk costs beside its bytes, so that many small ones are bounded too. */
  private static final int CHUNK_OVERHEAD = 64;

  /** Callbacks one pipe makes before the other pipes of its thread have a turn. */
  private static final int BURST = 64;

  /** What both ends share. */
  private static final class Link {
    final ReentrantLock lock = new ReentrantLock();
    boolean connected;
    boolean closed;
  }

  private final Link link;
  private final String side;
  private final OpenPipes pipes;
  private final int bufferBytes;
  private final PipeDelivery delivery;
  private @Nullable MemoryPipe other;

  // Guarded by link.lock.
  private boolean ended;
  private boolean gotEnd;
  private boolean full;
  private int waiting;

  private MemoryPipe(Link link, String side, OpenPipes pipes, Executor callbacks, int bufferBytes) {
    this.link = link;
    this.side = side;
    this.pipes = pipes;
    this.bufferBytes = bufferBytes;
    this.delivery = new PipeDelivery(callbacks, BURST, new Hooks());
  }

  /** Two ends that belong together. */
  record Pair(MemoryPipe agent, MemoryPipe hub) {
    static Pair of(
        OpenPipes agentPipes,
        Executor agentCallbacks,
        OpenPipes hubPipes,
        Executor hubCallbacks,
        int bufferBytes) {
      Link link = new Link();
      MemoryPipe agent = new MemoryPipe(link, "agent", agentPipes, agentCallbacks, bufferBytes);
      MemoryPipe hub = new MemoryPipe(link, "hub", hubPipes, hubCallbacks, bufferBytes);
      agent.other = hub;
      hub.other = agent;
      return new Pair(agent, hub);
    }
  }

  private MemoryPipe other() {
    return Objects.requireNonNull(other, "other");
  }

  @Override
  public void start(Listener listener) {
    Objects.requireNonNull(listener, "listener");
    if (!pipes.add(this)) {
      throw new IllegalStateException(
          "the transport of this pipe was closed before the pipe was started");
    }
    delivery.start(listener);
    boolean connects = false;
    link.lock.lock();
    try {
      if (side.equals("hub") && !link.closed) {
        link.connected = true;
        connects = true;
      }
    } finally {
      link.lock.unlock();
    }
    if (connects) {
      delivery.ready();
      other().delivery.ready();
    }
  }

  @Override
  public void request(int chunks) {
    delivery.request(chunks);
  }

  @Override
  public boolean isReady() {
    link.lock.lock();
    try {
      return link.connected && !link.closed && !ended && !full;
    } finally {
      link.lock.unlock();
    }
  }

  @Override
  public void write(ByteBuffer... data) {
    delivery.requireStarted();
    int bytes = 0;
    for (ByteBuffer part : data) {
      bytes = Math.addExact(bytes, part.remaining());
    }
    if (bytes > MAX_CHUNK) {
      throw new IllegalArgumentException(
          "write: " + bytes + " bytes (expected: at most " + MAX_CHUNK + ")");
    }
    if (!admit(bytes)) {
      for (ByteBuffer part : data) {
        part.position(part.limit());
      }
      return;
    }
    ByteBuffer copy = ByteBuffer.allocate(bytes);
    for (ByteBuffer part : data) {
      copy.put(part);
    }
    other().delivery.data(copy.flip());
  }

  private boolean admit(int bytes) {
    link.lock.lock();
    try {
      if (ended) {
        throw new IllegalStateException("write after end");
      }
      if (link.closed || bytes == 0) {
        return false;
      }
      waiting += bytes + CHUNK_OVERHEAD;
      full = waiting >= bufferBytes;
      return true;
    } finally {
      link.lock.unlock();
    }
  }

  @Override
  public void end() {
    delivery.requireStarted();
    link.lock.lock();
    try {
      if (ended || link.closed) {
        return;
      }
      ended = true;
    } finally {
      link.lock.unlock();
    }
    other().delivery.end();
  }

  @Override
  public void abort(Throwable cause) {
    Objects.requireNonNull(cause, "cause");
    boolean first;
    link.lock.lock();
    try {
      first = !link.closed;
      link.closed = true;
    } finally {
      link.lock.unlock();
    }
    // Also if the other end was first and has yet to tell this one: whoever closes this end's
    // transport has to know that the listener was told.
    close(cause);
    if (first) {
      other().close(atPeer(cause));
    }
  }

  private void close(@Nullable Throwable cause) {
    delivery.close(cause);
    if (!delivery.isStarted()) {
      pipes.remove(this);
    }
  }

  /**
   * What the peer may know of a cause: only Fairlead's own messages are written for others to read.
   */
  private Throwable atPeer(Throwable cause) {
    if (side.equals("hub") && cause instanceof FairleadException known) {
      return Failures.sameKind(known);
    }
    return new TransportException("in-memory: the " + side + " aborted the pipe");
  }

  @Override
  public void finish() {
    delivery.finish();
  }

  @Override
  public boolean isCallingBack() {
    return delivery.isCallingBack();
  }

  private void drained(int bytes) {
    boolean ready;
    link.lock.lock();
    try {
      waiting -= bytes + CHUNK_OVERHEAD;
      ready = full && waiting < bufferBytes && !ended && !link.closed;
      full = waiting >= bufferBytes;
    } finally {
      link.lock.unlock();
    }
    if (ready) {
      delivery.ready();
    }
  }

  private void closeIfBothEnded() {
    link.lock.lock();
    try {
      gotEnd = true;
      if (link.closed || !other().gotEnd) {
        return;
      }
      link.closed = true;
    } finally {
      link.lock.unlock();
    }
    close(null);
    other().close(null);
  }

  private final class Hooks implements PipeDelivery.Hooks {
    @Override
    public void handedOver(int bytes) {
      other().drained(bytes);
    }

    @Override
    public void endHandedOver() {
      closeIfBothEnded();
    }

    @Override
    public void closeHandedOver() {
      pipes.remove(MemoryPipe.this);
    }

    @Override
    public void listenerFailed(Throwable failure) {
      abort(failure);
    }
  }
}
