package dev.fairlead.client.fabric8;

/** How many bytes may be on their way, for senders that can wait. Safe for use by any thread. */
final class Room {

  private final long most;
  private long inUse;
  private boolean closed;

  Room(long most) {
    this.most = most;
  }

  /**
   * Waits until there is room, and takes it; more than there ever is gets all of it.
   *
   * @return false if it was closed, or the thread interrupted, before
   */
  synchronized boolean take(int bytes) {
    while (!closed && inUse > 0 && inUse + bytes > most) {
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    inUse += bytes;
    return !closed;
  }

  /** Counts bytes that do not wait. */
  synchronized void taken(int bytes) {
    inUse += bytes;
  }

  /** Gives room back. */
  synchronized void left(int bytes) {
    inUse -= bytes;
    notifyAll();
  }

  synchronized long inUse() {
    return inUse;
  }

  /** Lets go of all who wait. */
  synchronized void close() {
    closed = true;
    notifyAll();
  }
}
