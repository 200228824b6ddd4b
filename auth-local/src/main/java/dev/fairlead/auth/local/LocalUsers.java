package dev.fairlead.auth.local;

import dev.fairlead.api.ConflictException;
import dev.fairlead.api.NotFoundException;
import dev.fairlead.api.store.SessionStore.StoredSession;
import dev.fairlead.api.store.Stores;
import dev.fairlead.api.store.UserStore.StoredUser;
import dev.fairlead.core.grounds.GroundsFeed;
import dev.fairlead.core.secret.RandomSecrets;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;

/**
 * The users, for whoever administers them within this process. A change ends what runs on what was
 * before, and holds for the next request. Blocks for as long as the store takes, and a password for
 * as long as its hash. Safe for use by any thread.
 *
 * <p>There is always a user with the role {@link LocalAccounts#ADMINISTRATOR} who can come in, once
 * there was one: what would leave none is refused with a {@link ConflictException}.
 */
public final class LocalUsers {

  private final Stores stores;
  private final Passwords passwords;
  private final RandomSecrets secrets;
  private final InstantSource time;
  private final Names names;
  private final GroundsFeed grounds;
  private final ReentrantLock changing = new ReentrantLock();

  LocalUsers(
      Stores stores,
      Passwords passwords,
      RandomSecrets secrets,
      InstantSource time,
      Names names,
      GroundsFeed grounds) {
    this.stores = stores;
    this.passwords = passwords;
    this.secrets = secrets;
    this.time = time;
    this.names = names;
    this.grounds = grounds;
  }

  /**
   * Whether a user could sign in by some text.
   *
   * @param email the text; case does not matter
   * @return whether it is an e-mail
   */
  public static boolean isEmail(String email) {
    return Names.isEmail(Names.folded(email));
  }

  /**
   * Adds a user.
   *
   * @param email by what the user will sign in; case does not matter
   * @param password 12 to 256 characters
   * @param roles names of roles, of a-z, 0-9, dot, underscore and hyphen
   * @return the user
   * @throws dev.fairlead.api.InvalidException if a part is not as above
   * @throws ConflictException if another user has the e-mail
   */
  public LocalUser add(String email, String password, List<String> roles) {
    String address = Names.email(email);
    List<String> known = Names.roles(roles);
    Passwords.require(password);
    return keep(address, passwords.hash(password), known);
  }

  /**
   * Adds a user of another system, who keeps the password. The hash is replaced by one of today's
   * when the user first signs in.
   *
   * @param email by what the user will sign in; case does not matter
   * @param passwordHash bcrypt ({@code $2a$}, {@code $2b$}, {@code $2y$}) of cost 4 to 14, or
   *     Argon2id in the PHC string format
   * @param roles names of roles
   * @return the user
   * @throws dev.fairlead.api.InvalidException if a part is not as above
   * @throws ConflictException if another user has the e-mail
   */
  public LocalUser importUser(String email, String passwordHash, List<String> roles) {
    Passwords.requireKnown(passwordHash);
    return keep(Names.email(email), passwordHash, Names.roles(roles));
  }

  private LocalUser keep(String email, String hash, List<String> roles) {
    StoredUser user = new StoredUser(secrets.newId(), email, hash, false, roles, time.instant());
    stores.users().add(user);
    return LocalUser.of(user);
  }

  /**
   * All users.
   *
   * @return a snapshot, in the order in which they were added
   */
  public List<LocalUser> list() {
    return stores.users().list().stream().map(LocalUser::of).toList();
  }

  /**
   * Finds a user.
   *
   * @param id the user's id
   * @return the user, or empty
   */
  public Optional<LocalUser> find(String id) {
    return stores.users().find(id).map(LocalUser::of);
  }

  /**
   * Lets a user come in no more, or again. What runs for a user who is disabled ends.
   *
   * @param id the user's id
   * @param disabled whether the user must not come in
   * @return the user as it is now
   * @throws NotFoundException if there is no such user
   * @throws ConflictException if it is the last administrator
   */
  public LocalUser setDisabled(String id, boolean disabled) {
    StoredUser after =
        change(
            id,
            user ->
                new StoredUser(
                    user.id(),
                    user.email(),
                    user.passwordHash(),
                    disabled,
                    user.roles(),
                    user.createdAt()));
    if (disabled) {
      endAll(after, "the user was disabled");
    }
    return LocalUser.of(after);
  }

  /**
   * Gives a user these roles and no others. What runs for the user ends, and after some seconds it
   * can begin again as far as the new roles allow.
   *
   * @param id the user's id
   * @param roles names of roles
   * @return the user as it is now
   * @throws NotFoundException if there is no such user
   * @throws ConflictException if it is the last administrator
   */
  public LocalUser setRoles(String id, List<String> roles) {
    List<String> known = Names.roles(roles);
    StoredUser after =
        change(
            id,
            user ->
                new StoredUser(
                    user.id(),
                    user.email(),
                    user.passwordHash(),
                    user.disabled(),
                    known,
                    user.createdAt()));
    grounds.userRevoked(names.identity(after).username(), "the user's roles were changed");
    return LocalUser.of(after);
  }

  /**
   * Gives a user another e-mail, and so another name in clusters. The user has to sign in again.
   *
   * @param id the user's id
   * @param email the new one
   * @return the user as it is now
   * @throws NotFoundException if there is no such user
   * @throws ConflictException if another user has the e-mail
   */
  public LocalUser setEmail(String id, String email) {
    String address = Names.email(email);
    StoredUser before = require(id);
    StoredUser after =
        change(
            id,
            user ->
                new StoredUser(
                    user.id(),
                    address,
                    user.passwordHash(),
                    user.disabled(),
                    user.roles(),
                    user.createdAt()));
    endAll(before, "the user's e-mail was changed");
    return LocalUser.of(after);
  }

  /**
   * Gives a user another password. The user has to sign in again.
   *
   * @param id the user's id
   * @param password 12 to 256 characters
   * @return the user as it is now
   * @throws NotFoundException if there is no such user
   */
  public LocalUser setPassword(String id, String password) {
    Passwords.require(password);
    require(id);
    StoredUser after = change(id, withHash(passwords.hash(password)));
    endSessions(after, "the user's password was changed");
    return LocalUser.of(after);
  }

  static UnaryOperator<StoredUser> withHash(String hash) {
    return user ->
        new StoredUser(
            user.id(), user.email(), hash, user.disabled(), user.roles(), user.createdAt());
  }

  /**
   * Removes a user. What runs for the user ends.
   *
   * @param id the user's id
   * @throws NotFoundException if there is no such user
   * @throws ConflictException if it is the last administrator
   */
  public void remove(String id) {
    StoredUser user = require(id);
    changing.lock();
    try {
      requireAnotherAdministrator(user);
      if (!stores.users().remove(id)) {
        throw unknown();
      }
    } finally {
      changing.unlock();
    }
    endAll(user, "the user was removed");
  }

  private StoredUser change(String id, UnaryOperator<StoredUser> edit) {
    changing.lock();
    try {
      while (true) {
        StoredUser before = require(id);
        StoredUser after = edit.apply(before);
        if (!isAdministrator(after)) {
          requireAnotherAdministrator(before);
        }
        if (stores.users().replace(before, after)) {
          return after;
        }
      }
    } finally {
      changing.unlock();
    }
  }

  private void requireAnotherAdministrator(StoredUser user) {
    boolean last =
        isAdministrator(user)
            && stores.users().list().stream()
                .noneMatch(other -> !other.id().equals(user.id()) && isAdministrator(other));
    if (last) {
      throw new ConflictException(
          "user " + user.email() + ": the last administrator (expected: another one beside it)");
    }
  }

  static boolean isAdministrator(StoredUser user) {
    return !user.disabled() && user.roles().contains(LocalAccounts.ADMINISTRATOR);
  }

  private StoredUser require(String id) {
    return stores.users().find(id).orElseThrow(LocalUsers::unknown);
  }

  private static NotFoundException unknown() {
    return new NotFoundException("user: no such id (expected: one of those listed)");
  }

  /** Also what runs on other credentials of the user. */
  private void endAll(StoredUser user, String reason) {
    endSessions(user, reason);
    grounds.userRevoked(names.identity(user).username(), reason);
  }

  private void endSessions(StoredUser user, String reason) {
    List<StoredSession> ended = stores.sessions().removeAll(user.id());
    ended.forEach(
        session -> grounds.credentialRevoked(Sessions.credentialId(session.id()), reason));
  }
}
