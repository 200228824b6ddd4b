package dev.fairlead.gateway;

import java.util.HashMap;
import java.util.Map;

/** How many calls of pages are under way, in all and from one address. */
final class PageSlots {

  /** What is held for one call; given back once. */
  final class Slot {
    private final String source;
    private boolean returned;

    private Slot(String source) {
      this.source = source;
    }

    void giveBack() {
      synchronized (held) {
        if (!returned) {
          returned = true;
          total--;
          held.computeIfPresent(source, (key, count) -> count == 1 ? null : count - 1);
        }
      }
    }
  }

  /** What came of asking for a slot. */
  sealed interface Place {
    record Taken(Slot slot) implements Place {}

    /** The caller's address has all it may have. */
    record SourceFull() implements Place {}

    /** All are taken. */
    record Full() implements Place {}
  }

  private final int most;
  private final int mostOfSource;
  private final Map<String, Integer> held = new HashMap<>();
  private int total;

  PageSlots(int most, int mostOfSource) {
    this.most = most;
    this.mostOfSource = mostOfSource;
  }

  Place take(String source) {
    synchronized (held) {
      if (held.getOrDefault(source, 0) >= mostOfSource) {
        return new Place.SourceFull();
      }
      if (total >= most) {
        return new Place.Full();
      }
      total++;
      held.merge(source, 1, Integer::sum);
      return new Place.Taken(new Slot(source));
    }
  }
}
