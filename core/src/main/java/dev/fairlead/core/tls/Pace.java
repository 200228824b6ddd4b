package dev.fairlead.core.tls;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Lets a door take no connections while somebody has a reason. They wait in the kernel's backlog
 * meanwhile, which turns away what it cannot hold. Safe for use by any thread.
 */
public final class Pace {

  /** What takes connections. */
  public interface Door {

    /**
     * A change; called in order, on any thread, and must not block.
     *
     * @param taking whether it is to take connections
     */
    void taking(boolean taking);
  }

  private final List<Door> doors = new ArrayList<>();
  private final Set<Object> holding = new HashSet<>();

  /** Nobody holds a door, and there is none. */
  public Pace() {}

  /**
   * Adds a door.
   *
   * @param door told when to pause and when to go on
   */
  public synchronized void add(Door door) {
    doors.add(door);
    if (!holding.isEmpty()) {
      door.taking(false);
    }
  }

  /**
   * No more connections.
   *
   * @param reason who says so
   */
  public synchronized void hold(Object reason) {
    if (holding.add(reason) && holding.size() == 1) {
      doors.forEach(door -> door.taking(false));
    }
  }

  /**
   * As many as come, if nobody else holds the door.
   *
   * @param reason who held it
   */
  public synchronized void release(Object reason) {
    if (holding.remove(reason) && holding.isEmpty()) {
      doors.forEach(door -> door.taking(true));
    }
  }
}
