package dev.fairlead.api;

import java.time.Duration;

/**
 * The side that runs in, or next to, a cluster: it dials the hub, keeps a tunnel to it and serves
 * exchanges. Safe for use by any thread.
 *
 * <p>An agent is built, started once and closed once. {@link #close()} may come at any time, also
 * before or during {@link #start()}, from any thread and more than once.
 */
public interface Agent extends AutoCloseable {

  /** Where an agent stands. */
  enum State {
    /** Not started yet. */
    NEW,
    /** It has no tunnel and tries to open one. */
    CONNECTING,
    /** A tunnel to the hub is open. */
    CONNECTED,
    /**
     * The hub refused it for good: its certificate or token is not accepted. It does not try again.
     * One that was connected goes on trying while its certificate is all that is not accepted, as a
     * clock may be wrong.
     */
    REFUSED,
    /** It is closed. */
    CLOSED
  }

  /**
   * Enrols if need be and begins to dial; returns as soon as the agent has its credentials, without
   * waiting for a tunnel.
   *
   * @throws InvalidException if the directory for its key, or its configuration, cannot be used
   * @throws UnauthenticatedException if the hub refused its install token
   * @throws TransportException if enrolment is needed and the hub cannot be reached
   * @throws IllegalStateException if the agent was started or closed before
   */
  void start();

  /**
   * Where the agent stands now.
   *
   * @return the state
   */
  State state();

  /**
   * Waits until a tunnel is open.
   *
   * @param longest how long to wait
   * @throws TimeoutException if no tunnel opened in that time; the message says why the last try
   *     failed
   * @throws UnauthenticatedException if the hub refused the agent for good
   * @throws InterruptedException if the thread was interrupted while waiting
   */
  void awaitConnected(Duration longest) throws InterruptedException;

  /**
   * Drains its exchanges for the configured time, closes the tunnel, and stops every thread and
   * socket the agent owns.
   */
  @Override
  void close();
}
