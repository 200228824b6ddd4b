package dev.fairlead.cli;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Hands out tokens that hold for a while yet. However many processes ask at once, one renews, and
 * the others wait for it and take what it got: a refresh token that is used twice may end the
 * sign-in (RFC 9700 section 4.14).
 */
final class Renewal {

  private static final Duration WAIT = Duration.ofSeconds(40);

  private final Sessions sessions;
  private final InstantSource clock;

  Renewal(Sessions sessions, InstantSource clock) {
    this.sessions = sessions;
    this.clock = clock;
  }

  /**
   * Finds a token for a hub, and renews it if that is due.
   *
   * @throws Refusal.SignInNeeded if there is none and none can be got
   * @throws Refusal.Unreachable if none can be got at the moment
   */
  Session fresh(HubAddress hub) {
    Session found = sessions.get(hub);
    if (!found.tokens().isDue(clock.instant())) {
      return found;
    }
    try (StateDirectory.Lock held = sessions.lock(hub, WAIT)) {
      Session present = sessions.get(hub);
      return present.tokens().isDue(clock.instant()) ? Unbroken.run(() -> renew(present)) : present;
    } catch (Refusal.Unreachable e) {
      if (found.tokens().holds(clock.instant())) {
        return found;
      }
      throw e;
    }
  }

  private Session renew(Session session) {
    String refresh = session.tokens().refresh();
    if (refresh == null) {
      if (session.tokens().holds(clock.instant())) {
        return session;
      }
      throw new Refusal.SignInNeeded(
          "the sign-in at " + session.hub() + " has expired", session.hub());
    }
    try {
      Session renewed = session.with(ask(session, refresh));
      sessions.put(renewed);
      return renewed;
    } catch (Refusal.SignInNeeded e) {
      // So that those who wait do not try the same.
      sessions.put(session.with(session.tokens().withoutRefresh()));
      if (session.tokens().holds(clock.instant())) {
        return session;
      }
      throw e;
    }
  }

  private Tokens ask(Session session, String refresh) {
    if (session.origin() instanceof Origin.AtIssuer at) {
      Map<String, String> fields = new LinkedHashMap<>();
      fields.put("grant_type", "refresh_token");
      fields.put("client_id", at.clientId());
      fields.put("refresh_token", refresh);
      Answer answer =
          new Calls(Authorities.of(at.ca())).postForm(URI.create(at.tokenEndpoint()), fields);
      if (answer.isServersFault()) {
        throw new Refusal.Unreachable(
            at.issuer() + ": the sign-in was not renewed: " + answer.reason());
      }
      if (!answer.isDone()) {
        throw new Refusal.SignInNeeded(
            "the sign-in at " + at.issuer() + " has ended (" + answer.reason() + ")",
            session.hub());
      }
      return Tokens.read(answer.body(), at.tokenName(), refresh, clock.instant(), at.issuer());
    }
    HubCalls hub = new HubCalls(session.hub(), Authorities.of(session.ca()));
    return Tokens.read(
        hub.refresh(refresh), "access_token", refresh, clock.instant(), session.hub().toString());
  }

  /**
   * Ends a sign-in where it was begun.
   *
   * @return false if only its access token's own end ends it
   */
  boolean revoke(Session session) {
    String refresh = session.tokens().refresh();
    if (refresh == null) {
      return false;
    }
    if (session.origin() instanceof Origin.AtIssuer at) {
      String endpoint = at.revocationEndpoint();
      if (endpoint == null) {
        return false;
      }
      Answer answer =
          new Calls(Authorities.of(at.ca()))
              .postForm(
                  URI.create(endpoint),
                  Map.of(
                      "token",
                      refresh,
                      "token_type_hint",
                      "refresh_token",
                      "client_id",
                      at.clientId()));
      if (!answer.isDone()) {
        throw new Refusal.Unreachable(
            at.issuer() + ": the sign-in was not revoked: " + answer.reason());
      }
      return true;
    }
    new HubCalls(session.hub(), Authorities.of(session.ca())).logout(refresh);
    return true;
  }
}
