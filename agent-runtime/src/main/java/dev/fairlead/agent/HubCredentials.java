package dev.fairlead.agent;

import dev.fairlead.api.UnauthenticatedException;
import dev.fairlead.api.transport.TlsMaterial;

/** What an agent proves itself to its hub with. Safe for use by any thread. */
interface HubCredentials {

  /**
   * Gets them, by enrolment if need be. Blocks.
   *
   * @throws dev.fairlead.api.FairleadException if that fails
   */
  void obtain();

  /**
   * Begins to keep them fresh.
   *
   * @param renewed called after each renewal, on any thread
   */
  void keepFresh(Runnable renewed);

  /**
   * What to dial with.
   *
   * @throws UnauthenticatedException if it has expired
   */
  TlsMaterial current();

  /** Grows with each renewal. */
  int generation();

  /** Stops renewing. More than once. */
  void stop();
}
