package dev.fairlead.auth.local;

import dev.fairlead.api.ConflictException;
import dev.fairlead.api.NotFoundException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The users, for whoever administers them within this process. A change ends what runs on what was
 * before, and holds for the next request. Blocks for as long as the store takes, and a password for
 * as long as its hash. Safe for use by any thread.
 *
 * <p>Each change is recorded as one over the pages is, before it is done and afterwards, though
 * without a user; what cannot be recorded is not done, which an {@link
 * dev.fairlead.api.OfflineException} tells.
 *
 * <p>There is always a user with the role {@link LocalAccounts#ADMINISTRATOR} who can come in, once
 * there was one: what would leave none is refused with a {@link ConflictException}.
 */
public final class LocalUsers {

  private final UserBook book;
  private final Acts acts;

  LocalUsers(UserBook book, Acts acts) {
    this.book = book;
    this.acts = acts;
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
    return create(() -> book.add(email, password, roles));
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
    return create(() -> book.importUser(email, passwordHash, roles));
  }

  private LocalUser create(Supplier<LocalUser> adding) {
    Acts.Act act = acts.begin("create", "users", "", "");
    return acts.keep(
        act,
        201,
        () -> {
          LocalUser added = adding.get();
          act.noteAdded(added);
          return added;
        });
  }

  /**
   * All users.
   *
   * @return a snapshot, in the order in which they were added
   */
  public List<LocalUser> list() {
    return book.list();
  }

  /**
   * Finds a user.
   *
   * @param id the user's id
   * @return the user, or empty
   */
  public Optional<LocalUser> find(String id) {
    return book.find(id);
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
    return patch(id, disabled ? "disabled" : "enabled", () -> book.setDisabled(id, disabled));
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
    Acts.Act act = acts.begin("update", "users", "roles", id);
    return acts.keep(
        act,
        200,
        () -> {
          LocalUser user = book.setRoles(id, roles);
          act.noteRoles(user);
          return user;
        });
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
    return patch(id, "email", () -> book.setEmail(id, email));
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
    return patch(id, "password", () -> book.setPassword(id, password));
  }

  private LocalUser patch(String id, String what, Supplier<LocalUser> changing) {
    Acts.Act act = acts.begin("patch", "users", "", id);
    act.noteChange(what);
    return acts.keep(act, 200, changing);
  }

  /**
   * Removes a user. What runs for the user ends.
   *
   * @param id the user's id
   * @throws NotFoundException if there is no such user
   * @throws ConflictException if it is the last administrator
   */
  public void remove(String id) {
    acts.keep(
        acts.begin("delete", "users", "", id),
        204,
        () -> {
          book.remove(id);
          return id;
        });
  }
}
