package dev.fairlead.api.store;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The users whom the hub itself knows; their passwords only as hashes. */
public interface UserStore {

  /**
   * A user.
   *
   * @param id what stays the same for as long as there is this user, and is given to no other
   * @param email by what the user signs in, in lower case; no two users have the same
   * @param passwordHash the hash, with its algorithm and parameters
   * @param disabled whether the user must not come in
   * @param roles names of roles, in their order
   * @param createdAt when the user was added
   */
  record StoredUser(
      String id,
      String email,
      String passwordHash,
      boolean disabled,
      List<String> roles,
      Instant createdAt) {
    /**
     * Checks and copies the parts.
     *
     * @param id what stays the same for as long as there is this user
     * @param email by what the user signs in, in lower case
     * @param passwordHash the hash, with its algorithm and parameters
     * @param disabled whether the user must not come in
     * @param roles names of roles, in their order
     * @param createdAt when the user was added
     */
    public StoredUser {
      Objects.requireNonNull(id, "id");
      Objects.requireNonNull(email, "email");
      Objects.requireNonNull(passwordHash, "passwordHash");
      roles = List.copyOf(roles);
      Objects.requireNonNull(createdAt, "createdAt");
    }

    /**
     * The same user with another e-mail.
     *
     * @param other the e-mail in lower case
     * @return a new value
     */
    public StoredUser withEmail(String other) {
      return new StoredUser(id, other, passwordHash, disabled, roles, createdAt);
    }

    /**
     * The same user with another password.
     *
     * @param other the hash, with its algorithm and parameters
     * @return a new value
     */
    public StoredUser withPasswordHash(String other) {
      return new StoredUser(id, email, other, disabled, roles, createdAt);
    }

    /**
     * The same user, let in or kept out.
     *
     * @param other whether the user must not come in
     * @return a new value
     */
    public StoredUser withDisabled(boolean other) {
      return new StoredUser(id, email, passwordHash, other, roles, createdAt);
    }

    /**
     * The same user with other roles.
     *
     * @param others names of roles, in their order
     * @return a new value
     */
    public StoredUser withRoles(List<String> others) {
      return new StoredUser(id, email, passwordHash, disabled, others, createdAt);
    }

    /** All but the hash. */
    @Override
    public String toString() {
      return "StoredUser[id="
          + id
          + ", email="
          + email
          + ", disabled="
          + disabled
          + ", roles="
          + roles
          + "]";
    }
  }

  /**
   * Adds a user.
   *
   * @param user the user
   * @throws dev.fairlead.api.ConflictException if there is a user with that id or e-mail
   */
  void add(StoredUser user);

  /**
   * Finds a user.
   *
   * @param id the user's id
   * @return the user, or empty
   */
  Optional<StoredUser> find(String id);

  /**
   * Finds a user by e-mail.
   *
   * @param email the e-mail in lower case
   * @return the user, or empty
   */
  Optional<StoredUser> findByEmail(String email);

  /**
   * Puts a user in the place of what it was before: of any number of calls at the same time that
   * replace the same, exactly one can succeed.
   *
   * @param before the user as the caller read it
   * @param after what it is to be; with the same id
   * @return whether {@code before} was still there; if not, nothing was changed
   * @throws dev.fairlead.api.ConflictException if another user has the new e-mail
   */
  boolean replace(StoredUser before, StoredUser after);

  /**
   * Removes a user.
   *
   * @param id the user's id
   * @return whether it was there
   */
  boolean remove(String id);

  /**
   * All users.
   *
   * @return a snapshot, in the order in which they were added
   */
  List<StoredUser> list();
}
