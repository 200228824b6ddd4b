package dev.fairlead.e2e;

import java.util.ArrayList;
import java.util.List;

/** Who works on the clusters in the tests. */
enum User {
  /** May do everything, everywhere. */
  ALICE("dev", "admins"),
  /** May read, at the hub and in the cluster. */
  BOB("dev"),
  /** May do everything as far as the hub is concerned, and nothing in the cluster. */
  CAROL("visitors"),
  /** Is known to the hub and has no role there; could do everything in the cluster. */
  DAVE("cluster-operators");

  private final List<String> groups;

  User(String... groups) {
    this.groups = List.of(groups);
  }

  String username() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  String uid() {
    return "uid-of-" + username();
  }

  List<String> groups() {
    return groups;
  }

  String token() {
    return "token-of-" + username() + "-0123456789abcdef";
  }

  /** This user's line in the hub's file of static tokens. */
  String tokenLine() {
    return "%s,%s,%s,\"%s\"%n".formatted(token(), username(), uid(), String.join(",", groups));
  }

  /** The flags that make an administrator's kubectl act as this user. */
  String[] impersonation() {
    List<String> flags = new ArrayList<>(List.of("--as", username(), "--as-uid", uid()));
    groups.forEach(group -> flags.addAll(List.of("--as-group", group)));
    return flags.toArray(String[]::new);
  }
}
