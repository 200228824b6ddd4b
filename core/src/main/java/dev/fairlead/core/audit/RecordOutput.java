package dev.fairlead.core.audit;

import java.io.IOException;
import java.util.List;

/** Where records are appended. Used by one thread at a time, but for {@link #whenDue}. */
interface RecordOutput {

  /**
   * Appends all of them; after a failure the next call begins where the last one that succeeded
   * ended.
   *
   * @param openings what {@link EventJson#opening} makes of events
   */
  void append(List<byte[]> openings) throws IOException;

  /** Says how to ask for a call of {@link #catchUp}. Called once, before all else. */
  void whenDue(Runnable wake);

  /** Does what became due by time alone. */
  void catchUp() throws IOException;

  void close() throws IOException;
}
