package dev.fairlead.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the program asks of a hub. */
final class HubCalls {

  private static final int NOT_FOUND = 404;
  private static final int UNAUTHORIZED = 401;

  private final HubAddress hub;
  private final Authorities authorities;
  private final Calls calls;

  HubCalls(HubAddress hub, Authorities authorities) {
    this.hub = hub;
    this.authorities = authorities;
    this.calls = new Calls(authorities);
  }

  /** A hub's ways to sign in, and its authority in PEM if a kubeconfig has to name it. */
  record Welcome(SignInWays ways, Optional<String> ca) {}

  /** Who somebody is for a hub. */
  record Whoami(String username, List<String> groups) {}

  Welcome welcome() {
    Answer answer = calls.get(hub.at("/.well-known/fairlead"));
    if (answer.status() == NOT_FOUND) {
      throw new Refusal(
          hub
              + ": is no Fairlead hub, or one too old to tell how to sign in"
              + " (expected: /.well-known/fairlead)");
    }
    require(answer, "how to sign in");
    return new Welcome(SignInWays.read(answer.body()), authorities.pem(answer.chain()));
  }

  /** Signs in with a local account. */
  Map<String, @Nullable Object> login(String email, String password) {
    Answer answer =
        calls.postJson(hub.at("/auth/login"), Map.of("email", email, "password", password));
    if (answer.status() == UNAUTHORIZED) {
      throw new Refusal(hub + ": " + answer.reason() + " (check the e-mail address and password)");
    }
    require(answer, "sign-in");
    return answer.body();
  }

  /** Gets a new access token, and the refresh token that comes after this one. */
  Map<String, @Nullable Object> refresh(String token) {
    Answer answer = calls.postJson(hub.at("/auth/refresh"), Map.of("refresh_token", token));
    if (answer.isDone() || answer.isServersFault()) {
      require(answer, "renewing the sign-in");
      return answer.body();
    }
    throw new Refusal.SignInNeeded(
        "the sign-in at " + hub + " has ended (" + answer.reason() + ")", hub);
  }

  void logout(String token) {
    require(
        calls.postJson(hub.at("/auth/logout"), Map.of("refresh_token", token)),
        "ending the sign-in");
  }

  Whoami whoami(String token) {
    Answer answer = calls.get(hub.at("/auth/whoami"), token);
    requireSignedIn(answer);
    return new Whoami(
        Json.text(answer.body(), "username").orElse("?"), Json.texts(answer.body(), "groups"));
  }

  /** The clusters somebody may use. */
  List<ListedCluster> clusters(String token) {
    Answer answer = calls.get(hub.at("/clusters"), token);
    requireSignedIn(answer);
    return Json.children(answer.body(), "clusters").stream()
        .flatMap(one -> ListedCluster.read(one, hub).stream())
        .toList();
  }

  private void requireSignedIn(Answer answer) {
    if (answer.status() == UNAUTHORIZED) {
      throw new Refusal.SignInNeeded(hub + " does not take the token that is kept here", hub);
    }
    require(answer, "the question who you are");
  }

  private void require(Answer answer, String what) {
    if (answer.isDone()) {
      return;
    }
    String sentence = hub + ": " + what + " failed: " + answer.reason();
    throw answer.isServersFault() ? new Refusal.Unreachable(sentence) : new Refusal(sentence);
  }
}
