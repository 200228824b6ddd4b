package dev.fairlead.cli;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Somebody signed in at a hub.
 *
 * @param hub where
 * @param ca whom the hub's certificate is trusted by, in PEM; null for the system's authorities
 * @param user who, as the hub names them; only to be shown
 * @param origin how
 * @param tokens what that gave
 */
record Session(HubAddress hub, @Nullable String ca, String user, Origin origin, Tokens tokens) {

  Session with(Tokens newer) {
    return new Session(hub, ca, user, origin, newer);
  }

  Optional<String> authority() {
    return Optional.ofNullable(ca);
  }
}
