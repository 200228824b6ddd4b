package dev.fairlead.core.audit;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Where whole lines are appended. Used by one thread at a time. */
interface LineOutput {

  /** Appends all of it; after a failure the next call starts on a line of its own. */
  void append(ByteBuffer lines) throws IOException;

  void close() throws IOException;
}
