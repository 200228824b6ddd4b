package dev.fairlead.cli;

import java.time.Duration;
import java.util.Optional;

/** The sign-ins that are kept: one for each hub, and which hub was the last one. */
final class Sessions {

  private static final String CURRENT = "current";

  private final StateDirectory directory;

  Sessions(StateDirectory directory) {
    this.directory = directory;
  }

  private static String file(HubAddress hub) {
    return hub.fileName() + ".json";
  }

  /** Who is signed in at a hub, if anybody. */
  Optional<Session> find(HubAddress hub) {
    return directory.read(file(hub)).map(text -> parse(text, hub));
  }

  /** Who is signed in at a hub. */
  Session get(HubAddress hub) {
    return find(hub)
        .orElseThrow(() -> new Refusal.SignInNeeded("nobody is signed in at " + hub, hub));
  }

  private Session parse(String text, HubAddress hub) {
    return SessionText.read(text)
        .filter(found -> found.hub().equals(hub))
        .orElseThrow(
            () ->
                new Refusal.SignInNeeded(
                    "the sign-in kept in " + directory + "/" + file(hub) + " is damaged", hub));
  }

  /** Keeps a sign-in in place of the former one. */
  void put(Session session) {
    directory.replace(file(session.hub()), SessionText.write(session));
  }

  /** Makes a hub the one that commands mean which name none. */
  void makeCurrent(HubAddress hub) {
    directory.replace(CURRENT, hub + "\n");
  }

  Optional<HubAddress> current() {
    return directory.read(CURRENT).map(text -> HubAddress.parse(text.strip()));
  }

  void remove(HubAddress hub) {
    directory.remove(file(hub));
  }

  /** Keeps other processes from changing a sign-in. */
  StateDirectory.Lock lock(HubAddress hub, Duration atMost) {
    return directory.lock(hub.fileName(), atMost);
  }
}
