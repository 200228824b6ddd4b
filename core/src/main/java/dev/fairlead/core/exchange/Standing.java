package dev.fairlead.core.exchange;

import org.jspecify.annotations.Nullable;

/** Whether an exchange may still go on, from its door to its end. Safe for use by any thread. */
final class Standing {

  private @Nullable String lostReason;
  private @Nullable String agent;
  private @Nullable Runnable abort;

  /** Why it must not go on, or null if it may. */
  synchronized @Nullable String lostReason() {
    return lostReason;
  }

  /** Remembers through which agent the exchange goes, the last one if several were tried. */
  synchronized void through(String agentId) {
    agent = agentId;
  }

  /** Whether the exchange goes through that agent. */
  synchronized boolean goesThrough(String agentId) {
    return agentId.equals(agent);
  }

  /** Remembers how the exchange is cut off, and does so at once if it must not go on. */
  void running(Runnable cutOff) {
    synchronized (this) {
      if (lostReason == null) {
        abort = cutOff;
        return;
      }
    }
    cutOff.run();
  }

  /** The exchange must not go on; the first reason counts. */
  void lose(String reason) {
    Runnable cutOff;
    synchronized (this) {
      if (lostReason != null) {
        return;
      }
      lostReason = reason;
      cutOff = abort;
    }
    if (cutOff != null) {
      cutOff.run();
    }
  }
}
