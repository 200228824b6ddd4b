package dev.fairlead.testkit.cluster.wire;

import org.jspecify.annotations.Nullable;

/**
 * A body that is pulled. All methods but the callback given to {@link #onAvailable} are called on
 * the connection's thread, and only while the peer has room for more.
 */
public interface ChunkSource {
  /** {@return the next chunk, or null when there is none right now} */
  byte @Nullable [] next();

  /** {@return whether no chunk will ever come again} */
  boolean done();

  /** Sets what to call, from any thread, when there may be more. Called once, before any other. */
  void onAvailable(Runnable callback);

  /** Called at regular intervals, for signs of life. */
  default void pulse() {}

  /** Called when the time is up: ends soon, in good order. */
  void expire();

  /** Called once at the end, whatever ended it. */
  void close();
}
