package dev.fairlead.auth.local;

import dev.fairlead.api.store.UserStore.StoredUser;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * A user, as far as others may know.
 *
 * @param id what stays the same
 * @param email by what the user signs in, in lower case
 * @param disabled whether the user must not come in
 * @param roles names of roles
 * @param createdAt when the user was added
 */
public record LocalUser(
    String id, String email, boolean disabled, List<String> roles, Instant createdAt) {

  /**
   * Checks and copies the parts.
   *
   * @param id what stays the same
   * @param email by what the user signs in, in lower case
   * @param disabled whether the user must not come in
   * @param roles names of roles
   * @param createdAt when the user was added
   */
  public LocalUser {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(email, "email");
    roles = List.copyOf(roles);
    Objects.requireNonNull(createdAt, "createdAt");
  }

  static LocalUser of(StoredUser user) {
    return new LocalUser(user.id(), user.email(), user.disabled(), user.roles(), user.createdAt());
  }
}
