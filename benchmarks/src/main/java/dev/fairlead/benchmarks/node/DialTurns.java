package dev.fairlead.benchmarks.node;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How many of a fleet dial at once. Each would be on a machine of its own, which does its part of a
 * handshake at once; a machine that stands for all of them can do so for a few.
 */
final class DialTurns {

  private static final int AT_ONCE = 128;

  private final Deque<Runnable> waiting = new ArrayDeque<>();
  private int free = AT_ONCE;

  /** Runs it when it is its turn. */
  void take(Runnable dial) {
    synchronized (this) {
      if (free == 0) {
        waiting.add(dial);
        return;
      }
      free--;
    }
    dial.run();
  }

  /** Whoever dialled has come to an end with it, good or bad. */
  void pass() {
    Runnable next;
    synchronized (this) {
      next = waiting.poll();
      if (next == null) {
        free++;
        return;
      }
    }
    next.run();
  }
}
