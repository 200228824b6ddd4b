package dev.fairlead.core.audit;

import dev.fairlead.api.audit.AuditEvent;
import dev.fairlead.api.audit.AuditSink;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Writes each event to several sinks, such as a file and a receiver elsewhere. An event's stage
 * completes when all of them have it, and fails if one of them fails; put a {@link
 * BufferedAuditSink} before one that must not hold up requests.
 */
public final class TeeAuditSink implements AuditSink {

  private final List<AuditSink> sinks;

  private TeeAuditSink(List<AuditSink> sinks) {
    this.sinks = sinks;
  }

  /**
   * Several sinks as one.
   *
   * @param sinks where events go, in this order; at least one. They are closed with this one
   * @return the sink
   * @throws IllegalArgumentException if there is none
   */
  public static TeeAuditSink to(AuditSink... sinks) {
    if (sinks.length == 0) {
      throw new IllegalArgumentException("sinks: none (expected: at least 1)");
    }
    return new TeeAuditSink(List.of(sinks));
  }

  @Override
  public CompletionStage<Void> append(AuditEvent event) {
    CompletableFuture<?>[] stages = new CompletableFuture<?>[sinks.size()];
    for (int i = 0; i < stages.length; i++) {
      stages[i] = append(sinks.get(i), event);
    }
    return CompletableFuture.allOf(stages);
  }

  private static CompletableFuture<Void> append(AuditSink sink, AuditEvent event) {
    try {
      return sink.append(event).toCompletableFuture();
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** Closes all of them, whatever one does; the first failure is thrown in the end. */
  @Override
  public void close() {
    RuntimeException failure = null;
    for (AuditSink sink : sinks) {
      try {
        sink.close();
      } catch (RuntimeException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
