package dev.fairlead.core.authorization;

import java.util.List;
import java.util.Objects;

/**
 * Gives a role to users and groups, by their exact names. Immutable.
 *
 * @param role the role's name
 * @param users usernames
 * @param groups group names
 */
public record Binding(String role, List<String> users, List<String> groups) {
  /**
   * Checks and copies the parts.
   *
   * @throws NullPointerException if a part is null
   */
  public Binding {
    Objects.requireNonNull(role, "role");
    users = List.copyOf(users);
    groups = List.copyOf(groups);
  }
}
