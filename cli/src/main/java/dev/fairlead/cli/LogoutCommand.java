package dev.fairlead.cli;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Ends a sign-in, here and where it was begun. */
@Command(
    name = "logout",
    mixinStandardHelpOptions = true,
    description = "Ends your sign-in: revokes it, and forgets it on this machine.")
final class LogoutCommand implements Callable<Integer> {

  private static final Duration WAIT = Duration.ofSeconds(40);

  private final Surroundings here;

  @Mixin private HubOption hub;

  LogoutCommand(Surroundings here) {
    this.here = here;
  }

  @Override
  public Integer call() {
    Talk talk = here.talk();
    Sessions sessions = here.sessions();
    HubAddress at = hub.resolve(here, sessions);
    try (StateDirectory.Lock held = sessions.lock(at, WAIT)) {
      Optional<Session> found;
      try {
        found = sessions.find(at);
      } catch (Refusal.SignInNeeded damaged) {
        sessions.remove(at);
        talk.done("forgot a damaged sign-in at " + at);
        return 0;
      }
      if (found.isEmpty()) {
        talk.say("Nobody is signed in at " + at + ".");
        return 0;
      }
      return end(found.get(), sessions, talk);
    }
  }

  /** What is kept here goes in any case: whoever signs out wants it gone from this machine. */
  private int end(Session session, Sessions sessions, Talk talk) {
    try {
      boolean revoked = here.renewal().revoke(session);
      talk.done("signed out at " + session.hub());
      if (!revoked) {
        talk.warn("only forgotten here: the token holds until it expires or is revoked");
      }
      return 0;
    } catch (Refusal e) {
      talk.warn("forgotten here, but not revoked: " + e.getMessage());
      return 1;
    } finally {
      sessions.remove(session.hub());
    }
  }
}
