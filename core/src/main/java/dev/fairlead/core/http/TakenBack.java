package dev.fairlead.core.http;

import dev.fairlead.api.Time;
import java.time.Duration;

/**
 * Counts the requests that were taken back before their answers had ended. Servers see an attack in
 * many of them on one connection, and end it with all that others have on it: so whoever has taken
 * back that many goes on elsewhere before. Used on the link's event loop only.
 */
final class TakenBack {

  /** Netty's servers take 200 within 30 s; Go's, four times as many as there may be streams. */
  static final int MOST = 150;

  /** So many leave time for a successor. */
  static final int MANY = 100;

  static final Duration WITHIN = Duration.ofSeconds(30);

  /** How many there are on one connection. */
  enum Amount {
    FEW,
    /** As many as begin the search for a successor; said once. */
    MANY,
    TOO_MANY
  }

  private final Time time;
  private long since;
  private int count;

  TakenBack(Time time) {
    this.time = time;
    this.since = time.nanoTime();
  }

  /** One more was taken back. */
  Amount oneMore() {
    long now = time.nanoTime();
    if (now - since >= WITHIN.toNanos()) {
      since = now;
      count = 0;
    }
    count++;
    return count > MOST ? Amount.TOO_MANY : count == MANY ? Amount.MANY : Amount.FEW;
  }
}
