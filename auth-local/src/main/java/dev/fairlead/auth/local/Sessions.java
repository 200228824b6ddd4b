package dev.fairlead.auth.local;

import dev.fairlead.api.Identity;
import dev.fairlead.api.UnauthenticatedException;
import dev.fairlead.api.store.SessionStore.Rotation;
import dev.fairlead.api.store.SessionStore.StoredSession;
import dev.fairlead.api.store.Stores;
import dev.fairlead.api.store.UserStore.StoredUser;
import dev.fairlead.core.grounds.GroundsFeed;
import dev.fairlead.core.secret.RandomSecrets;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Signing in, staying signed in, and signing out. */
final class Sessions {

  private static final int MOST_OF_USER = 20;

  private final Stores stores;
  private final Passwords passwords;
  private final SessionTokens tokens;
  private final RandomSecrets secrets;
  private final InstantSource time;
  private final Names names;
  private final GroundsFeed grounds;
  private final SessionLife life;
  private final Lockout lockout;

  /** How long a session lasts: without use, and in all. */
  record SessionLife(Duration idle, Duration longest) {}

  Sessions(
      Stores stores,
      Passwords passwords,
      SessionTokens tokens,
      RandomSecrets secrets,
      InstantSource time,
      Names names,
      GroundsFeed grounds,
      SessionLife life,
      Lockout lockout) {
    this.stores = stores;
    this.passwords = passwords;
    this.tokens = tokens;
    this.secrets = secrets;
    this.time = time;
    this.names = names;
    this.grounds = grounds;
    this.life = life;
    this.lockout = lockout;
  }

  static String credentialId(String sessionId) {
    return "local-session/" + sessionId;
  }

  IssuedTokens signIn(String email, String password, String source) {
    StoredUser user = verified(Names.folded(email), password, source);
    Instant now = time.instant();
    stores.sessions().purge(now);
    RefreshToken token =
        new RefreshToken(secrets.newId(), secrets.newSecret(), secrets.newSecret());
    tokens.requireKey();
    stores
        .sessions()
        .add(
            new StoredSession(
                token.sessionId(),
                user.id(),
                token.shown().familyHash(),
                token.shown().tokenHash(),
                now,
                now.plus(life.idle())));
    StoredUser present = stores.users().find(user.id()).orElse(null);
    // A password that was changed meanwhile ended the user's sessions, but not this one.
    if (present == null
        || present.disabled()
        || !present.passwordHash().equals(user.passwordHash())) {
      stores.sessions().remove(token.sessionId());
      throw refused();
    }
    endEldest(user.id());
    return issued(present, token);
  }

  private StoredUser verified(String email, String password, String source) {
    Optional<StoredUser> user =
        Names.isEmail(email) ? stores.users().findByEmail(email) : Optional.empty();
    Lockout.Guess guess = lockout.begin(email, user.isPresent(), source);
    boolean right;
    try {
      right = isRight(user, password);
    } catch (RuntimeException | Error e) {
      guess.abandoned();
      throw e;
    }
    if (!right) {
      guess.wrong();
      throw refused();
    }
    guess.right();
    return renewed(user.orElseThrow(), password);
  }

  private boolean isRight(Optional<StoredUser> user, String password) {
    if (user.isEmpty()) {
      passwords.matchNobody(password);
      return false;
    }
    return passwords.matches(user.get().passwordHash(), password) && !user.get().disabled();
  }

  /** The user with a hash as it is made today. */
  private StoredUser renewed(StoredUser user, String password) {
    if (!passwords.isOutdated(user.passwordHash())) {
      return user;
    }
    StoredUser after = user.withPasswordHash(passwords.hash(password));
    if (stores.users().replace(user, after)) {
      return after;
    }
    // Somebody else was faster: perhaps the same user elsewhere, perhaps with another password.
    return stores
        .users()
        .find(user.id())
        .filter(present -> passwords.matches(present.passwordHash(), password))
        .orElseThrow(Sessions::refused);
  }

  private void endEldest(String userId) {
    List<StoredSession> all = stores.sessions().listOf(userId);
    for (StoredSession session : all.subList(0, Math.max(0, all.size() - MOST_OF_USER))) {
      end(session.id(), "the user has signed in at many other places since");
    }
  }

  private IssuedTokens issued(StoredUser user, RefreshToken refresh) {
    Identity identity = names.identity(user);
    SessionTokens.Signed access =
        tokens.issue(identity, user.email(), user.id(), refresh.sessionId());
    return new IssuedTokens(
        identity,
        refresh.sessionId(),
        access.text(),
        Duration.ofSeconds(access.expiresAt().getEpochSecond() - time.instant().getEpochSecond()),
        refresh.text());
  }

  IssuedTokens refresh(String text) {
    RefreshToken token = RefreshToken.parse(text).orElseThrow(Sessions::unknown);
    StoredSession session =
        stores.sessions().find(token.sessionId()).orElseThrow(Sessions::unknown);
    tokens.requireKey();
    Instant now = time.instant();
    Instant end = session.startedAt().plus(life.longest());
    Instant idle = now.plus(life.idle());
    RefreshToken next = token.next(secrets.newSecret());
    Rotation done =
        stores
            .sessions()
            .rotate(token.shown(), next.shown().tokenHash(), now, idle.isBefore(end) ? idle : end);
    if (done instanceof Rotation.Replayed replayed) {
      tellEnded(replayed.session().id(), "a refresh token was used twice");
      throw new UnauthenticatedException(
          "refresh token: used before, so its session was ended (expected: the newest one, once)");
    }
    if (!(done instanceof Rotation.Rotated rotated)) {
      throw unknown();
    }
    StoredUser user = stores.users().find(rotated.session().userId()).orElse(null);
    if (user == null || user.disabled()) {
      end(session.id(), "the user must not come in");
      throw unknown();
    }
    return issued(user, next);
  }

  /** Ends the session of a refresh token, if it is one of the session's. */
  Optional<StoredUser> signOut(String text) {
    RefreshToken token = RefreshToken.parse(text).orElse(null);
    StoredSession session =
        token == null ? null : stores.sessions().find(token.sessionId()).orElse(null);
    if (token == null || session == null || !same(session.familyHash(), token)) {
      return Optional.empty();
    }
    end(session.id(), "the user has signed out");
    return stores.users().find(session.userId());
  }

  private static boolean same(String familyHash, RefreshToken token) {
    return MessageDigest.isEqual(
        familyHash.getBytes(StandardCharsets.UTF_8),
        token.shown().familyHash().getBytes(StandardCharsets.UTF_8));
  }

  /** Changes a user's own password; of the user's sessions only this one goes on. */
  void changePassword(StoredUser user, String sessionId, String now, String next, String source) {
    Passwords.require(next);
    StoredUser verified = verified(user.email(), now, source);
    StoredUser after = verified.withPasswordHash(passwords.hash(next));
    if (!verified.id().equals(user.id()) || !stores.users().replace(verified, after)) {
      throw refused();
    }
    for (StoredSession session : stores.sessions().listOf(user.id())) {
      if (!session.id().equals(sessionId)) {
        end(session.id(), "the user's password was changed");
      }
    }
  }

  /** Ends a session, and what runs on it. */
  void end(String sessionId, String reason) {
    stores.sessions().remove(sessionId);
    tellEnded(sessionId, reason);
  }

  private void tellEnded(String sessionId, String reason) {
    grounds.credentialRevoked(credentialId(sessionId), reason);
  }

  private static UnauthenticatedException refused() {
    return new UnauthenticatedException(
        "sign-in: no such user, another password, or disabled (expected: an e-mail and its password)");
  }

  private static UnauthenticatedException unknown() {
    return new UnauthenticatedException(
        "refresh token: unknown, expired or revoked (expected: one that was issued; sign in again)");
  }
}
