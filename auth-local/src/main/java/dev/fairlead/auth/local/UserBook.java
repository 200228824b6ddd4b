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
 * The users in their store. A change ends what runs on what was before; whoever asks for one
 * records it. Blocks for as long as the store takes, and a password for as long as its hash. Safe
 * for use by any thread.
 */
final class UserBook {

  private final Stores stores;
  private final Passwords passwords;
  private final RandomSecrets secrets;
  private final InstantSource time;
  private final Names names;
  private final GroundsFeed grounds;
  private final ReentrantLock changing = new ReentrantLock();

  UserBook(
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

  LocalUser add(String email, String password, List<String> roles) {
    String address = Names.email(email);
    List<String> known = Names.roles(roles);
    Passwords.require(password);
    return keep(address, passwords.hash(password), known);
  }

  LocalUser importUser(String email, String passwordHash, List<String> roles) {
    Passwords.requireKnown(passwordHash);
    return keep(Names.email(email), passwordHash, Names.roles(roles));
  }

  private LocalUser keep(String email, String hash, List<String> roles) {
    StoredUser user = new StoredUser(secrets.newId(), email, hash, false, roles, time.instant());
    stores.users().add(user);
    return LocalUser.of(user);
  }

  List<LocalUser> list() {
    return stores.users().list().stream().map(LocalUser::of).toList();
  }

  Optional<LocalUser> find(String id) {
    return stores.users().find(id).map(LocalUser::of);
  }

  LocalUser setDisabled(String id, boolean disabled) {
    StoredUser after = change(id, user -> user.withDisabled(disabled));
    if (disabled) {
      endAll(after, "the user was disabled");
    }
    return LocalUser.of(after);
  }

  LocalUser setRoles(String id, List<String> roles) {
    List<String> known = Names.roles(roles);
    StoredUser after = change(id, user -> user.withRoles(known));
    grounds.userRevoked(names.identity(after).username(), "the user's roles were changed");
    return LocalUser.of(after);
  }

  LocalUser setEmail(String id, String email) {
    String address = Names.email(email);
    StoredUser before = require(id);
    StoredUser after = change(id, user -> user.withEmail(address));
    endAll(before, "the user's e-mail was changed");
    return LocalUser.of(after);
  }

  LocalUser setPassword(String id, String password) {
    Passwords.require(password);
    require(id);
    String hash = passwords.hash(password);
    StoredUser after = change(id, user -> user.withPasswordHash(hash));
    endSessions(after, "the user's password was changed");
    return LocalUser.of(after);
  }

  void remove(String id) {
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
    return stores.users().find(id).orElseThrow(UserBook::unknown);
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
