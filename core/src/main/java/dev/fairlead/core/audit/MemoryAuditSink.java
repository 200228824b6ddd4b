package dev.fairlead.core.audit;

import dev.fairlead.api.audit.AuditEvent;
import dev.fairlead.api.audit.AuditLog;
import dev.fairlead.api.audit.AuditPage;
import dev.fairlead.api.audit.AuditQuery;
import dev.fairlead.api.audit.AuditSink;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Keeps events in memory, for tests and for hubs that live as long as one. Bounded: a full sink
 * fails what comes, as any sink does. Stages are complete when {@link #append} returns. Safe for
 * use by any thread.
 */
public final class MemoryAuditSink implements AuditSink, AuditLog {

  private static final String TOKEN = "m";

  private final Object lock = new Object();
  private final List<AuditEvent> events = new ArrayList<>();
  private final int capacity;
  private long forgotten;
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

  /** {@inheritDoc} Works also after the sink was closed. */
  @Override
  public AuditPage find(AuditQuery query) {
    List<AuditEvent> found = new ArrayList<>();
    synchronized (lock) {
      int next = (int) (before(query.continueToken()) - forgotten);
      while (next > 0 && found.size() < query.limit()) {
        AuditEvent event = events.get(--next);
        if (query.matches(event)) {
          found.add(event);
        }
      }
      return new AuditPage(found, next > 0 ? TOKEN + (next + forgotten) : null);
    }
  }

  /** Before which event a page begins, counted from the first one ever. */
  private long before(@Nullable String token) {
    long end = forgotten + events.size();
    if (token == null) {
      return end;
    }
    if (!token.matches(TOKEN + "[0-9]{1,18}")) {
      throw PageToken.refused();
    }
    long before = Long.parseLong(token.substring(TOKEN.length()));
    if (before > end) {
      throw PageToken.refused();
    }
    return before;
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
      forgotten += events.size();
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
