package dev.fairlead.api.audit;

import java.util.concurrent.CompletionStage;

/**
 * Where audit events are written. Called by many threads at once; must not block. Events of one
 * request come in the order of their stages, the next one after the stage of the former completed.
 */
public interface AuditSink extends AutoCloseable {

  /**
   * Writes one event.
   *
   * @param event the event
   * @return a stage that completes when the event is as safe as this sink makes it, and
   *     exceptionally if it could not be written; the request that needs it is then refused
   */
  CompletionStage<Void> append(AuditEvent event);

  /** Writes what was accepted and releases what the sink owns; events that come later fail. */
  @Override
  void close();
}
