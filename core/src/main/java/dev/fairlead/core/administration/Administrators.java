package dev.fairlead.core.administration;

import dev.fairlead.api.Identity;
import dev.fairlead.api.InvalidException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Who administers a hub's roles and everybody's API keys.
 *
 * @param users by their names, as authenticators give them
 * @param groups all their members, as authenticators give them
 */
public record Administrators(Set<String> users, Set<String> groups) {

  /**
   * Checks and copies the parts.
   *
   * @throws InvalidException if there is nobody, or a name is blank or one that Kubernetes keeps
   *     for itself, such as a group that everybody is in; the message lists every mistake
   */
  public Administrators {
    users = Set.copyOf(users);
    groups = Set.copyOf(groups);
    List<String> mistakes = new ArrayList<>();
    if (users.isEmpty() && groups.isEmpty()) {
      mistakes.add("neither users nor groups (expected: at least 1)");
    }
    for (String name : new TreeSet<>(users)) {
      require("user", name, mistakes);
    }
    for (String name : new TreeSet<>(groups)) {
      require("group", name, mistakes);
    }
    if (!mistakes.isEmpty()) {
      throw new InvalidException("administrators: " + String.join("; ", mistakes));
    }
  }

  private static void require(String what, String name, List<String> mistakes) {
    if (name.isBlank() || name.startsWith("system:")) {
      mistakes.add(what + " \"" + name + "\" (expected: a " + what + " of your own)");
    }
  }

  /** Whether somebody is one of them. */
  boolean include(Identity somebody) {
    return users.contains(somebody.username())
        || somebody.groups().stream().anyMatch(groups::contains);
  }
}
