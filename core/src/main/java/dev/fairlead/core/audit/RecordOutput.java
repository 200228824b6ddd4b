package dev.fairlead.core.audit;

import java.io.IOException;
import java.util.List;

/**
 * Where records are appended. Used by one thread at a time, but for {@link #whenDue} and {@link
 * #closing}.
 */
interface RecordOutput {

  /**
   * Appends all of them; after a failure the next call begins where the last one that succeeded
   * ended.
   *
   * @param events what to write, in this order
   */
  void append(List<EncodedEvent> events) throws IOException;

  /** Says how to ask for a call of {@link #catchUp}. Called once, before all else. */
  void whenDue(Runnable wake);

  /** Does what became due by time alone. */
  void catchUp() throws IOException;

  /** Hears, on any thread, that it will be closed soon, and need not wait for better times. */
  default void closing() {}

  void close() throws IOException;
}
