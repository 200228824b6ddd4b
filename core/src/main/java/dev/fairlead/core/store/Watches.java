package dev.fairlead.core.store;

import dev.fairlead.api.store.RoleStore.Watch;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Those who want to hear of changes. Safe for use by any thread. */
public final class Watches {

  /** Told apart by identity, as one may watch twice. */
  private static final class Place {
    private final Runnable changed;

    Place(Runnable changed) {
      this.changed = changed;
    }
  }

  private final Set<Place> places = ConcurrentHashMap.newKeySet();

  /** Makes a set that nobody is in yet. */
  public Watches() {
    // Nothing to do.
  }

  /**
   * Adds one.
   *
   * @param changed is called by each {@link #tell} from now on
   * @return takes it out
   */
  public Watch add(Runnable changed) {
    Place place = new Place(Objects.requireNonNull(changed, "changed"));
    places.add(place);
    return () -> places.remove(place);
  }

  /** Calls all of them, on this thread. */
  public void tell() {
    places.forEach(place -> place.changed.run());
  }
}
