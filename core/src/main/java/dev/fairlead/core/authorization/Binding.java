package dev.fairlead.core.authorization;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Gives a role to users and groups, by their exact names. Immutable.
 *
 * @param role the role's name
 * @param users usernames
 * @param groups group names; {@code system:authenticated} is everybody who signed in
 * @param when when and from where it counts
 * @param expiresAt from when on it counts no more, or null for never
 */
public record Binding(
    String role,
    List<String> users,
    List<String> groups,
    Condition when,
    @Nullable Instant expiresAt) {
  /**
   * Checks and copies the parts.
   *
   * @throws NullPointerException if a part other than the last is null
   */
  public Binding {
    Objects.requireNonNull(role, "role");
    users = List.copyOf(users);
    groups = List.copyOf(groups);
    Objects.requireNonNull(when, "when");
  }

  /**
   * Gives a role for good.
   *
   * @param role the role's name
   * @param users usernames
   * @param groups group names
   */
  public Binding(String role, List<String> users, List<String> groups) {
    this(role, users, groups, Condition.NONE, null);
  }

  /**
   * The same until a moment.
   *
   * @param moment from when on it counts no more
   * @return a new binding
   */
  public Binding until(Instant moment) {
    return new Binding(role, users, groups, when, moment);
  }

  /**
   * The same under a condition.
   *
   * @param condition when and from where it counts
   * @return a new binding
   */
  public Binding when(Condition condition) {
    return new Binding(role, users, groups, condition, expiresAt);
  }
}
