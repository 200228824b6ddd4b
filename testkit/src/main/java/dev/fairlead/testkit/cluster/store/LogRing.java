package dev.fairlead.testkit.cluster.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** The last lines one container logged. Safe for concurrent use. */
public final class LogRing {

  /**
   * One line.
   *
   * @param sequence its place in the log, starting at 0
   * @param time when it was logged
   * @param text the line without its end
   */
  public record Line(long sequence, Instant time, String text) {}

  private final @Nullable Line[] ring;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private long next;
  private boolean closed;

  public LogRing(int capacity) {
    ring = new Line[capacity];
  }

  public void append(Instant time, String text) {
    synchronized (ring) {
      ring[(int) (next % ring.length)] = new Line(next, time, text);
      next++;
    }
    listeners.forEach(Runnable::run);
  }

  /** Ends the log: followers finish once they have read what is there. */
  public void close() {
    synchronized (ring) {
      closed = true;
    }
    listeners.forEach(Runnable::run);
  }

  public boolean closed() {
    synchronized (ring) {
      return closed;
    }
  }

  /** {@return lines from a sequence on; those already overwritten are left out} */
  public List<Line> from(long sequence, int limit) {
    synchronized (ring) {
      List<Line> lines = new ArrayList<>();
      for (long s = Math.max(sequence, next - ring.length); s < next && lines.size() < limit; s++) {
        Line line = ring[(int) (Math.max(s, 0) % ring.length)];
        if (line != null && s >= 0) {
          lines.add(line);
        }
      }
      return lines;
    }
  }

  /** {@return the sequence the next line will have} */
  public long end() {
    synchronized (ring) {
      return next;
    }
  }

  /** Adds a callback that runs after each line and at the end; it must return at once. */
  public void listen(Runnable listener) {
    listeners.add(listener);
  }

  public void unlisten(Runnable listener) {
    listeners.remove(listener);
  }
}
