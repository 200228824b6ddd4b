package dev.fairlead.core.authorization;

import java.util.List;
import java.util.Objects;

/**
 * A named set of rules. Immutable.
 *
 * @param name the role's name, unique among the roles: 1 to 63 letters, digits, {@code .}, {@code
 *     _} and {@code -}
 * @param rules what it allows
 */
public record Role(String name, List<Rule> rules) {
  /**
   * Checks and copies the parts.
   *
   * @throws NullPointerException if a part is null
   */
  public Role {
    Objects.requireNonNull(name, "name");
    rules = List.copyOf(rules);
  }
}
