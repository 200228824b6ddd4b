package dev.fairlead.core.tls;

import io.netty.channel.Channel;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Connections of which nobody knows yet whether they come to anything. When there are too many, the
 * oldest is closed, so that those that come to nothing keep nobody out. Safe for use by any thread.
 */
public final class Newcomers {

  private final int most;
  private final Set<Channel> present = new LinkedHashSet<>();

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
   * @param channel the connection
   * @return whether the oldest was closed for it
   */
  public boolean add(Channel channel) {
    Channel oldest;
    synchronized (this) {
      present.add(channel);
      if (present.size() <= most) {
        return false;
      }
      Iterator<Channel> oldestFirst = present.iterator();
      oldest = oldestFirst.next();
      oldestFirst.remove();
    }
    oldest.close();
    return true;
  }

  /**
   * One came to something, or is gone.
   *
   * @param channel the connection
   * @return whether it was still among them
   */
  public synchronized boolean remove(Channel channel) {
    return present.remove(channel);
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
