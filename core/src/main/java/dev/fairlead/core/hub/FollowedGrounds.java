package dev.fairlead.core.hub;

import dev.fairlead.api.auth.Grounds;
import dev.fairlead.core.authentication.AuthenticatorChain;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Hears all that may tell of changes, from the start of a hub to its end. */
final class FollowedGrounds implements Grounds.Listener, AutoCloseable {

  private final AuthenticatorChain answers;
  private final Grounds.Listener running;
  private final Journal journal;
  private final List<Grounds.Following> followings = new ArrayList<>();

  FollowedGrounds(AuthenticatorChain answers, Grounds.Listener running, Journal journal) {
    this.answers = answers;
    this.running = running;
    this.journal = journal;
  }

  /** Follows those of the parts that tell of changes. */
  void follow(List<?> parts) {
    for (Object part : parts) {
      if (part instanceof Grounds grounds) {
        followings.add(grounds.follow(this));
      }
    }
  }

  @Override
  public void credentialRevoked(String credentialId, String reason) {
    answers.forget(credentialId);
    running.credentialRevoked(credentialId, reason);
  }

  @Override
  public void userRevoked(String username, String reason) {
    answers.forgetUser(username);
    running.userRevoked(username, reason);
  }

  @Override
  public void rulesChanged(String reason) {
    running.rulesChanged(reason);
    journal.note(
        journal.about("update", "roles", "", null), 200, Map.of("fairlead.dev/reason", reason));
  }

  @Override
  public void close() {
    followings.forEach(Grounds.Following::close);
    followings.clear();
  }
}
