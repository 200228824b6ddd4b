package dev.fairlead.core.hub;

import dev.fairlead.api.Time;
import java.util.concurrent.TimeUnit;

/** Gives so many a second, and at most a second's worth at once. Safe for use by any thread. */
final class TokenBucket {

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final Time time;
  private final long nanosPerToken;

  /** Up to when all time is spent. */
  private long spentUntil;

  TokenBucket(int perSecond, Time time) {
    this.time = time;
    this.nanosPerToken = SECOND / perSecond;
    this.spentUntil = time.nanoTime() - SECOND;
  }

  synchronized boolean tryTake() {
    long now = time.nanoTime();
    if (now - spentUntil > SECOND) {
      spentUntil = now - SECOND;
    }
    if (now - spentUntil < nanosPerToken) {
      return false;
    }
    spentUntil += nanosPerToken;
    return true;
  }
}
