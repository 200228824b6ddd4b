package dev.fairlead.auth.local;

import dev.fairlead.api.ConflictException;
import dev.fairlead.api.auth.Authentication;
import dev.fairlead.api.auth.Authenticator;
import dev.fairlead.api.auth.BearerToken;
import dev.fairlead.api.auth.Credential;
import dev.fairlead.api.auth.Grounds;
import dev.fairlead.api.auth.UserDirectory;
import dev.fairlead.api.store.SessionStore.StoredSession;
import dev.fairlead.api.store.Stores;
import dev.fairlead.api.store.UserStore.StoredUser;
import dev.fairlead.core.door.RestPages;
import dev.fairlead.core.grounds.GroundsFeed;
import dev.fairlead.core.secret.RandomSecrets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Accounts of the hub's own. An authenticator for the access tokens it issues, the directory of
 * their users, the pages on which users sign in and are administered, and the grounds on which what
 * runs for a user ends: when the session ends, or the user is disabled, removed or gets other
 * roles.
 *
 * <p>A user of the hub is called by the e-mail behind a prefix, and is in a group for each role,
 * also behind a prefix. Roles and whether the user may come in are read from the store with each
 * request, and not from the token.
 *
 * <p>Safe for use by any thread. What reads or writes the stores needs them open, and blocks for as
 * long as they take; {@link #authenticate} does not block.
 */
public final class LocalAccounts implements Authenticator, UserDirectory, Grounds {

  /** The role whose users may administer users. */
  public static final String ADMINISTRATOR = "administrator";

  private static final Authentication UNKNOWN = new Authentication.Unknown();

  private final Stores stores;
  private final SigningKeys keys;
  private final SessionTokens tokens;
  private final Names names;
  private final RandomSecrets secrets;
  private final GroundsFeed grounds;
  private final UserBook book;
  private final LocalUsers users;
  private final Sessions sessions;
  private final Acts acts;
  private final InstantSource time;
  private final String issuer;
  private final Executor lookups;
  private final Runnable end;

  LocalAccounts(
      Stores stores,
      SigningKeys keys,
      SessionTokens tokens,
      Names names,
      RandomSecrets secrets,
      GroundsFeed grounds,
      UserBook book,
      Sessions sessions,
      Acts acts,
      InstantSource time,
      String issuer,
      Executor lookups,
      Runnable end) {
    this.stores = stores;
    this.keys = keys;
    this.tokens = tokens;
    this.names = names;
    this.secrets = secrets;
    this.grounds = grounds;
    this.book = book;
    this.users = new LocalUsers(book, acts);
    this.sessions = sessions;
    this.acts = acts;
    this.time = time;
    this.issuer = issuer;
    this.lookups = lookups;
    this.end = end;
  }

  /**
   * Collects what accounts are made of.
   *
   * @return a new builder
   */
  public static LocalAccountsBuilder builder() {
    return new LocalAccountsBuilder();
  }

  /**
   * Makes the first administrator, if there is no user at all. Called once the stores are open,
   * which is when the hub has started.
   *
   * @param email by what the administrator will sign in
   * @return the administrator with a password that is never shown again; empty if there are users
   * @throws dev.fairlead.api.InvalidException if the e-mail is none
   * @throws dev.fairlead.api.OfflineException if this could not be recorded, and so was not done
   */
  public Optional<FirstAdministrator> makeFirstAdministrator(String email) {
    String address = Names.email(email);
    if (!stores.users().list().isEmpty()) {
      return Optional.empty();
    }
    Acts.Act act = acts.begin("create", "users", "", "");
    act.note("first-administrator", address);
    String password = secrets.newSecret().substring(0, 24);
    try {
      LocalUser made =
          acts.keep(act, 201, () -> book.add(address, password, List.of(ADMINISTRATOR)));
      return Optional.of(new FirstAdministrator(made.email(), password));
    } catch (ConflictException e) {
      // Another hub with the same stores was faster.
      return Optional.empty();
    }
  }

  /**
   * The users, for whoever administers them within this process. What is changed is recorded.
   *
   * @return the users
   */
  public LocalUsers users() {
    return users;
  }

  /**
   * Signs a user in. Blocks for as long as a password hash takes. This is recorded, as over the
   * pages, and so are the next tokens and the end of a session.
   *
   * @param email the user's e-mail
   * @param password the user's password
   * @param sourceIp where the user is, or empty
   * @return the tokens of a new session
   * @throws dev.fairlead.api.UnauthenticatedException if one of them is wrong, or the user is
   *     disabled; nothing tells which
   * @throws dev.fairlead.api.LimitException if there were too many failures
   */
  public IssuedTokens signIn(String email, String password, String sourceIp) {
    Acts.Act act = acts.begin("create", "sessions", "", "");
    act.from(sourceIp);
    return issued(act, () -> sessions.signIn(email, password, sourceIp));
  }

  /**
   * Gets the next tokens of a session. Each refresh token does so once; one that is used twice ends
   * its session.
   *
   * @param refreshToken as it was issued
   * @return the next tokens of the session
   * @throws dev.fairlead.api.UnauthenticatedException if it does not hold
   */
  public IssuedTokens refresh(String refreshToken) {
    return issued(acts.begin("update", "sessions", "", ""), () -> sessions.refresh(refreshToken));
  }

  private IssuedTokens issued(Acts.Act act, Supplier<IssuedTokens> issue) {
    return acts.keep(
        act,
        200,
        () -> {
          IssuedTokens issued = issue.get();
          act.issued(issued, sessions);
          return issued;
        });
  }

  /**
   * Ends a session, and what runs on it. Does nothing if there is none.
   *
   * @param refreshToken any refresh token of the session
   */
  public void signOut(String refreshToken) {
    Acts.Act act = acts.begin("delete", "sessions", "", "");
    acts.keep(act, 204, () -> act.ended(sessions.signOut(refreshToken)));
  }

  /**
   * Lets a new key sign tokens from now on. What others have signed holds until it expires.
   *
   * @throws dev.fairlead.api.OfflineException if this could not be recorded, and so was not done
   */
  public void rotateSigningKey() {
    acts.keep(
        acts.begin("create", "signingkeys", "", ""),
        204,
        () -> {
          keys.rotate();
          return keys;
        });
  }

  /**
   * The keys with which tokens can be verified (RFC 7517), without their private halves.
   *
   * @return JSON
   */
  public String jwks() {
    return keys.jwks();
  }

  /**
   * The pages to sign in and to administer users, for a front door.
   *
   * @return new pages, with limits of their own
   */
  public RestPages pages() {
    return new AccountPages(this, acts, time, issuer);
  }

  /**
   * {@inheritDoc} The stores are not asked with each request: what ends by these accounts is told
   * at once, and what another hub with the same stores ends is noticed after this time.
   *
   * @return 5 seconds
   */
  @Override
  public Duration reusableFor() {
    return Duration.ofSeconds(5);
  }

  @Override
  public CompletionStage<Authentication> authenticate(Credential credential) {
    if (!(credential instanceof BearerToken bearer)) {
      return CompletableFuture.completedFuture(UNKNOWN);
    }
    String text = bearer.reveal();
    if (!tokens.isOurs(text)) {
      return CompletableFuture.completedFuture(UNKNOWN);
    }
    try {
      return CompletableFuture.supplyAsync(() -> examine(text).authentication(), lookups);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /**
   * {@inheritDoc}
   *
   * @return {@link UserDirectory.Found.Blocked} for names behind these accounts' prefix of which
   *     there is no user; without a prefix such names are {@link UserDirectory.Found.Elsewhere}
   */
  @Override
  public Found find(String username) {
    Optional<String> email = names.emailIn(username);
    if (email.isEmpty()) {
      return new Found.Elsewhere();
    }
    StoredUser user = stores.users().findByEmail(email.get()).orElse(null);
    if (user == null) {
      return names.areTheirOwn()
          ? new Found.Blocked("there is no such user")
          : new Found.Elsewhere();
    }
    if (user.disabled()) {
      return new Found.Blocked("the user is disabled");
    }
    return new Found.Active(names.identity(user));
  }

  /** What an access token is worth; with the user and session, if it is good. */
  record Examined(Authentication authentication, @Nullable Bearer bearer) {}

  /** Who holds a good access token. */
  record Bearer(StoredUser user, String sessionId) {}

  /** Examines a token, which may block. */
  Examined examine(String token) {
    SessionTokens.Read read = tokens.read(token);
    if (read instanceof SessionTokens.Read.Foreign) {
      return new Examined(UNKNOWN, null);
    }
    if (!(read instanceof SessionTokens.Read.Good good)) {
      return rejected(((SessionTokens.Read.Bad) read).reason());
    }
    StoredSession session = stores.sessions().find(good.sessionId()).orElse(null);
    if (session == null || !session.userId().equals(good.userId())) {
      return rejected("access token: its session was ended");
    }
    StoredUser user = stores.users().find(good.userId()).orElse(null);
    if (user == null || user.disabled()) {
      return rejected("access token: its user must not come in");
    }
    return new Examined(
        new Authentication.Authenticated(
            names.identity(user), Sessions.credentialId(session.id()), good.expiresAt()),
        new Bearer(user, session.id()));
  }

  private static Examined rejected(String reason) {
    return new Examined(new Authentication.Rejected(reason), null);
  }

  UserBook book() {
    return book;
  }

  SigningKeys keys() {
    return keys;
  }

  Sessions sessions() {
    return sessions;
  }

  @Override
  public Following follow(Listener listener) {
    return grounds.follow(listener);
  }

  @Override
  public void close() {
    end.run();
  }

  @Override
  public String toString() {
    return "LocalAccounts[" + issuer + "]";
  }
}
