package dev.fairlead.core.tls;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Connections of which nobody knows yet whether they come to anything. When there are too many, the
 * oldest is closed, so that those that come to nothing keep nobody out. Safe for use by any thread.
 */
public final class Newcomers {

  /** As many agents as a hub is made for, which may come back at once. */
  public static final int MOST_OF_AGENTS = 10_000;

  private final int most;
  private final Map<Object, Runnable> present = new LinkedHashMap<>();

  /**
   * None yet.
   *
   * @param most how many there may be
   */
  public Newcomers(int most) {
    this.most = most;
  }

  /**
   * One came.
   *
   * @param connection it, or what tells it from the others
   * @param close closes it
   * @return whether the oldest was closed for it
   */
  public boolean add(Object connection, Runnable close) {
    Runnable oldest;
    synchronized (this) {
      present.put(connection, close);
      if (present.size() <= most) {
        return false;
      }
      Iterator<Runnable> oldestFirst = present.values().iterator();
      oldest = oldestFirst.next();
      oldestFirst.remove();
    }
    oldest.run();
    return true;
  }

  /**
   * One came to something, or is gone.
   *
   * @param connection as it was added
   * @return whether it was still among them
   */
  public synchronized boolean remove(Object connection) {
    return present.remove(connection) != null;
  }

  /**
   * How many there are.
   *
   * @return the number at this moment
   */
  public synchronized int size() {
    return present.size();
  }
}
