package dev.fairlead.core.audit;

import dev.fairlead.api.audit.AuditEvent;
import dev.fairlead.api.audit.AuditSink;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Keeps events in memory, for tests and for hubs that live as long as one. Bounded: a full sink
 * fails what comes, as any sink does. Stages are complete when {@link #append} returns. Safe for
 * use by any thread.
 */
public final class MemoryAuditSink implements AuditSink {

  private final Object lock = new Object();
  private final List<AuditEvent> events = new ArrayList<>();
  private final int capacity;
  private boolean closed;

  /**
   * Makes an empty sink.
   *
   * @param capacity how many events fit; positive
   * @throws IllegalArgumentException if the capacity is not positive
   */
  public MemoryAuditSink(int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException("capacity: " + capacity + " (expected: 1 or more)");
    }
    this.capacity = capacity;
  }

  @Override
  public CompletionStage<Void> append(AuditEvent event) {
    Objects.requireNonNull(event, "event");
    synchronized (lock) {
      if (closed) {
        return CompletableFuture.failedStage(new AuditException("audit sink: closed", null));
      }
      if (events.size() == capacity) {
        return CompletableFuture.failedStage(
            new AuditException("audit sink: full, " + capacity + " events", null));
      }
      events.add(event);
    }
    return CompletableFuture.completedStage(null);
  }

  /**
   * The events so far, also after the sink was closed.
   *
   * @return an unmodifiable copy, oldest first
   */
  public List<AuditEvent> events() {
    synchronized (lock) {
      return List.copyOf(events);
    }
  }

  /** Forgets the events so far and makes room for as many again. */
  public void clear() {
    synchronized (lock) {
      events.clear();
    }
  }

  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
    }
  }
}
