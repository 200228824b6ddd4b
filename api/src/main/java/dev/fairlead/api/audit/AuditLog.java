package dev.fairlead.api.audit;

import dev.fairlead.api.InvalidException;

/**
 * Where audit events can be looked up. Safe for use by any thread; a call blocks for as long as the
 * reading takes, and reads a bounded amount.
 *
 * <p>Events come in the reverse order of their writing, newest first. Events that are written while
 * somebody goes from page to page do not move those that are older, so none comes twice and none is
 * left out.
 */
public interface AuditLog {

  /**
   * Looks for events.
   *
   * @param query which, and from where on
   * @return one page, perhaps empty
   * @throws InvalidException if the query's token is not one that this log gave
   * @throws java.io.UncheckedIOException if the events cannot be read
   */
  AuditPage find(AuditQuery query);
}
