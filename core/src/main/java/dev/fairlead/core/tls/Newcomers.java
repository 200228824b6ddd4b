package dev.fairlead.core.tls;

import dev.fairlead.api.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Connections of which nobody knows yet whether they come to anything. When there are too many, the
 * oldest gives way, so that those that come to nothing keep nobody out. Safe for use by any thread.
 *
 * <p>Where many are expected at once, of whom each does come to something, newcomers have a time of
 * grace: for so long the door takes no more instead. Otherwise each that comes would make another
 * one begin again, and few would ever get in.
 */
public final class Newcomers {

  /** As many agents as a hub is made for, which may come back at once. */
  public static final int MOST_OF_AGENTS = 10_000;

  /** Long enough for a handshake over a bad line. */
  public static final Duration GRACE_OF_AGENTS = Duration.ofSeconds(2);

  /** How many come after a door was asked to pause, at most. */
  private static final int SLACK = 256;

  private record Present(long since, Runnable giveWay) {}

  /** What a door's newcomers are waited for with. */
  private record Grace(Time time, long nanos, Pace pace) {}

  private final int most;
  private final @Nullable Grace grace;
  private final Map<Object, Present> present = new LinkedHashMap<>();
  private Time.@Nullable Scheduled timer;

  /**
   * None yet, and without grace.
   *
   * @param most how many there may be
   */
  public Newcomers(int most) {
    this.most = most;
    this.grace = null;
  }

  /**
   * None yet.
   *
   * @param most how many there may be, not counting those that a door takes before it pauses
   * @param time of the grace
   * @param grace how long a newcomer gives way to nobody
   * @param pace of the door that they come to
   */
  public Newcomers(int most, Time time, Duration grace, Pace pace) {
    this.most = most;
    this.grace = new Grace(time, grace.toNanos(), pace);
  }

  /**
   * One came.
   *
   * @param connection it, or what tells it from the others
   * @param giveWay closes it; called if it was the oldest of too many
   */
  public void add(Object connection, Runnable giveWay) {
    List<Runnable> leaving;
    synchronized (this) {
      present.put(connection, new Present(grace == null ? 0 : grace.time().nanoTime(), giveWay));
      leaving = review();
    }
    leaving.forEach(Runnable::run);
  }

  /**
   * One came to something, or is gone.
   *
   * @param connection as it was added
   * @return whether it was still among them
   */
  public synchronized boolean remove(Object connection) {
    boolean found = present.remove(connection) != null;
    if (found && grace != null && present.size() < most) {
      open(grace);
    }
    return found;
  }

  private void graceIsOver() {
    List<Runnable> leaving;
    synchronized (this) {
      timer = null;
      leaving = review();
    }
    leaving.forEach(Runnable::run);
  }

  /** Who has to give way, and whether more may come. */
  private List<Runnable> review() {
    List<Runnable> leaving = new ArrayList<>();
    Iterator<Present> oldestFirst = present.values().iterator();
    if (grace == null) {
      while (present.size() > most) {
        leaving.add(oldestFirst.next().giveWay());
        oldestFirst.remove();
      }
      return leaving;
    }
    long now = grace.time().nanoTime();
    long left = grace.nanos();
    while (present.size() >= most && oldestFirst.hasNext()) {
      Present oldest = oldestFirst.next();
      left = grace.nanos() - (now - oldest.since());
      if (left > 0 && present.size() <= most + SLACK) {
        break;
      }
      leaving.add(oldest.giveWay());
      oldestFirst.remove();
    }
    if (present.size() < most) {
      open(grace);
    } else {
      grace.pace().hold(this);
      if (timer == null) {
        timer = grace.time().schedule(Duration.ofNanos(left), this::graceIsOver);
      }
    }
    return leaving;
  }

  private void open(Grace paced) {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
    paced.pace().release(this);
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
