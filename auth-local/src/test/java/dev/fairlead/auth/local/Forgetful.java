package dev.fairlead.auth.local;

import dev.fairlead.api.audit.AuditEvent;
import dev.fairlead.api.audit.AuditSink;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Takes some events and then no more. */
final class Forgetful implements AuditSink {

  private int left;

  Forgetful(int left) {
    this.left = left;
  }

  @Override
  public CompletionStage<Void> append(AuditEvent event) {
    return left-- > 0
        ? CompletableFuture.completedStage(null)
        : CompletableFuture.failedStage(new IllegalStateException("disk full"));
  }

  @Override
  public void close() {
    // Nothing is kept.
  }
}
