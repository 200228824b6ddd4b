package dev.fairlead.core.exchange;

import dev.fairlead.core.status.KubernetesStatus;
import org.jspecify.annotations.Nullable;

/** Whether an exchange may still go on, from its door to its end. Safe for use by any thread. */
final class Standing {

  private @Nullable KubernetesStatus lost;
  private @Nullable String agent;
  private @Nullable Runnable abort;
  private @Nullable Runnable timeOut;
  private boolean begun;
  private boolean late;

  /** Why it must not go on, or null if it may. */
  synchronized @Nullable String lostReason() {
    return lost == null ? null : lost.message();
  }

  /** What to say of it to whoever asks, or null if it may go on. */
  synchronized @Nullable KubernetesStatus lost() {
    return lost;
  }

  /** Remembers through which agent the exchange goes, the last one if several were tried. */
  synchronized void through(String agentId) {
    agent = agentId;
  }

  /** Whether the exchange goes through that agent. */
  synchronized boolean goesThrough(String agentId) {
    return agentId.equals(agent);
  }

  /**
   * It is to be sent to a cluster now.
   *
   * @return false if its time is up, which somebody else answers
   */
  synchronized boolean begin() {
    begun = !late;
    return begun;
  }

  /**
   * The cluster was sent nothing that counts; it may begin again.
   *
   * @return false if its time is up meanwhile, which the caller has to answer
   */
  synchronized boolean again() {
    begun = false;
    timeOut = null;
    return !late;
  }

  /**
   * Remembers how the exchange is cut off, and does so at once if it must not go on.
   *
   * @param cutOff ends it without an answer
   * @param ifLate ends it with an answer, if there is none yet
   */
  void running(Runnable cutOff, Runnable ifLate) {
    boolean lostAlready;
    boolean lateAlready;
    synchronized (this) {
      abort = cutOff;
      timeOut = ifLate;
      lostAlready = lost != null;
      lateAlready = late;
    }
    if (lostAlready) {
      cutOff.run();
    } else if (lateAlready) {
      ifLate.run();
    }
  }

  /** The exchange must not go on; the first reason counts, which is the status' message. */
  void lose(KubernetesStatus why) {
    Runnable cutOff;
    synchronized (this) {
      if (lost != null) {
        return;
      }
      lost = why;
      cutOff = abort;
    }
    if (cutOff != null) {
      cutOff.run();
    }
  }

  /**
   * Its time is up.
   *
   * @return whether the caller has to answer, as nothing was begun
   */
  boolean expire() {
    Runnable ifLate;
    synchronized (this) {
      if (late) {
        return false;
      }
      late = true;
      if (!begun) {
        return true;
      }
      ifLate = timeOut;
    }
    if (ifLate != null) {
      ifLate.run();
    }
    return false;
  }
}
