package dev.fairlead.testkit.cluster.wire;

/** Tells when what a stream leads to is gone. */
public interface Ending {

  /**
   * Begins to watch. Called once.
   *
   * @param callback called at the end, perhaps more than once, on any thread; at once if it is gone
   */
  void whenGone(Runnable callback);

  /** The stream is over; nobody needs to know any more. */
  void close();
}
