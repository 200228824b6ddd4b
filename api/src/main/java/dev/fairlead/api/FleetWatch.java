package dev.fairlead.api;

import java.time.Duration;
import java.util.Optional;

/**
 * Follows changes of the fleet. Changes of one cluster that were not taken yet are joined into one
 * event, so a slow reader costs at most one event per cluster and always learns the newest state.
 * One thread takes at a time.
 */
public interface FleetWatch extends AutoCloseable {

  /**
   * Takes the next event, waiting for it if need be.
   *
   * @param longest how long to wait
   * @return the event, or empty if there was none in that time or the watch is closed
   * @throws InterruptedException if the thread was interrupted while waiting
   */
  Optional<FleetEvent> next(Duration longest) throws InterruptedException;

  /** Ends the watch and wakes a thread that waits in {@link #next}. */
  @Override
  void close();
}
