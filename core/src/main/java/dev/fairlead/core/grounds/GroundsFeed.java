package dev.fairlead.core.grounds;

import dev.fairlead.api.auth.Grounds;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tells all who follow of each change, on the thread that publishes it. For authenticators and
 * authorisers to hold, and for directories of users to publish to. Safe for use by any thread.
 */
public final class GroundsFeed implements Grounds, Grounds.Listener {

  /** Told apart by identity, as one listener may follow twice. */
  private static final class Place {
    private final Listener listener;

    Place(Listener listener) {
      this.listener = listener;
    }
  }

  private final Set<Place> places = ConcurrentHashMap.newKeySet();

  /** Makes a feed that nobody follows yet. */
  public GroundsFeed() {
    // Nothing to do.
  }

  @Override
  public Following follow(Listener listener) {
    Place place = new Place(Objects.requireNonNull(listener, "listener"));
    places.add(place);
    return () -> places.remove(place);
  }

  @Override
  public void credentialRevoked(String credentialId, String reason) {
    places.forEach(place -> place.listener.credentialRevoked(credentialId, reason));
  }

  @Override
  public void userRevoked(String username, String reason) {
    places.forEach(place -> place.listener.userRevoked(username, reason));
  }

  @Override
  public void rulesChanged(String reason) {
    places.forEach(place -> place.listener.rulesChanged(reason));
  }
}
