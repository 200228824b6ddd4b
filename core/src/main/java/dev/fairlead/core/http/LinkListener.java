package dev.fairlead.core.http;

import org.jspecify.annotations.Nullable;

/** What an {@link Http2Link} tells its owner, on the link's event loop. */
public interface LinkListener {

  /** The peer's settings arrived: it speaks HTTP/2 and streams can be opened. At most once. */
  void onOpen();

  /**
   * The peer said why it takes no further streams; {@link #onDraining} follows.
   *
   * @param word at most 64 characters of ASCII, not to be trusted any more than the peer is
   */
  default void onFarewell(String word) {
    // Whoever does not care for the reason.
  }

  /**
   * So many requests were taken back that this link will soon take no further ones, and {@link
   * #onDraining} follows. More than once, if there is time between.
   */
  default void onWorn() {
    // Whoever can wait for another link then.
  }

  /** The peer takes no further streams; those under way go on. At most once. */
  void onDraining();

  /** A sign of life arrived since the last look; called at most once per liveness interval. */
  void onAlive();

  /**
   * The connection is gone. Exactly once, the last call.
   *
   * @param cause why, or null if it was closed in order
   */
  void onClosed(@Nullable Throwable cause);
}
