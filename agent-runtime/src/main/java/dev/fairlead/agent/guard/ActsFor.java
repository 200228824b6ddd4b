package dev.fairlead.agent.guard;

import dev.fairlead.api.Identity;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * For whom an agent acts, and with that, whom it has to be allowed to impersonate.
 *
 * @param users exact names, or null for all but Kubernetes' own
 * @param groups exact names, or null for all but Kubernetes' own
 * @param extraKeys keys of extra, or null for all
 */
record ActsFor(
    @Nullable Set<String> users, @Nullable Set<String> groups, @Nullable Set<String> extraKeys) {

  static final ActsFor ALL = new ActsFor(null, null, null);

  private static final String SYSTEM = "system:";
  private static final String AUTHENTICATED = "system:authenticated";
  private static final String AUTHENTICATION = "authentication.k8s.io";

  ActsFor withUsers(Set<String> names) {
    return new ActsFor(names, groups, extraKeys);
  }

  ActsFor withGroups(Set<String> names) {
    return new ActsFor(users, names, extraKeys);
  }

  ActsFor withExtraKeys(Set<String> keys) {
    return new ActsFor(users, groups, keys);
  }

  boolean namesGroups() {
    return groups != null;
  }

  /** Why it does not act for somebody, or empty. */
  Optional<String> refusal(Identity identity) {
    String never = "the agent of this cluster never acts for ";
    if (identity.username().startsWith(SYSTEM)) {
      return Optional.of(never + "users whose names begin with \"system:\"");
    }
    for (String group : identity.groups()) {
      if (group.startsWith(SYSTEM) && !group.equals(AUTHENTICATED)) {
        return Optional.of(
            never + "groups whose names begin with \"system:\" other than system:authenticated");
      }
    }
    String only = "the agent of this cluster is configured to act for certain ";
    if (users != null && !users.contains(identity.username())) {
      return Optional.of(only + "users only");
    }
    for (String group : identity.groups()) {
      if (groups != null && !groups.contains(group) && !group.equals(AUTHENTICATED)) {
        return Optional.of(only + "groups only");
      }
    }
    if (extraKeys != null && !extraKeys.containsAll(identity.extra().keySet())) {
      return Optional.of(only + "keys of extra only");
    }
    return Optional.empty();
  }

  String clusterRole(String name) {
    StringBuilder yaml =
        new StringBuilder(
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata:
              name: %s
            rules:
            """
                .formatted(name));
    add(yaml, "", List.of("users"), users);
    Set<String> withEverybody = groups == null ? null : new TreeSet<>(groups);
    if (withEverybody != null) {
      withEverybody.add(AUTHENTICATED);
    }
    add(yaml, "", List.of("groups"), withEverybody);
    add(yaml, AUTHENTICATION, List.of("uids"), null);
    if (extraKeys == null) {
      // RBAC has no pattern for the keys of extra; nothing else in the group can be impersonated.
      add(yaml, AUTHENTICATION, List.of("*"), null);
    } else if (!extraKeys.isEmpty()) {
      List<String> resources = new ArrayList<>();
      new TreeSet<>(extraKeys).forEach(key -> resources.add("userextras/" + key));
      add(yaml, AUTHENTICATION, resources, null);
    }
    return yaml.toString();
  }

  private static void add(
      StringBuilder yaml, String group, List<String> resources, @Nullable Set<String> names) {
    if (names != null && names.isEmpty()) {
      // An empty list of names would be all of them.
      return;
    }
    yaml.append("  - apiGroups: ").append(list(List.of(group)));
    yaml.append("    resources: ").append(list(resources));
    if (names != null) {
      yaml.append("    resourceNames: ").append(list(List.copyOf(new TreeSet<>(names))));
    }
    yaml.append("    verbs: ").append(list(List.of("impersonate")));
  }

  private static String list(List<String> values) {
    List<String> quoted = new ArrayList<>();
    for (String value : values) {
      quoted.add('"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"');
    }
    return "[" + String.join(", ", quoted) + "]\n";
  }
}
