package dev.fairlead.examples;

import dev.fairlead.agent.guard.Guard;
import dev.fairlead.core.authorization.Roles;
import dev.fairlead.examples.program.Mistakes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of an agent about what it refuses, whatever its hub says. */
final class GuardOptions {

  @Option(
      names = "--deny",
      paramLabel = "WHAT[/NAMESPACE]",
      split = ",",
      description =
          "refuses a verb, resource or subresource, whatever the hub says, such as exec or"
              + " delete/kube-system; repeatable")
  private List<String> denials = new ArrayList<>();

  @Option(
      names = "--allow-only",
      paramLabel = "FILE",
      description = "refuses whatever these roles do not allow; as the hub's, for clusters: ['*']")
  private @Nullable Path allowed;

  @Option(
      names = "--only-groups",
      paramLabel = "GROUP",
      split = ",",
      description =
          "acts for nobody who is in another group, save system:authenticated; repeatable")
  private @Nullable List<String> groups;

  @Option(
      names = "--only-users",
      paramLabel = "USER",
      split = ",",
      description = "acts for no other users; repeatable")
  private @Nullable List<String> users;

  @Option(
      names = "--only-extra",
      paramLabel = "KEY",
      split = ",",
      description = "acts for nobody of whom other extra facts are told; repeatable")
  private @Nullable List<String> extra;

  @Option(
      names = "--print-cluster-role",
      paramLabel = "NAME",
      description =
          "prints the ClusterRole with the rights the agent needs in its cluster, and ends; needs"
              + " --only-groups")
  private @Nullable String clusterRole;

  private @Nullable Guard guard;
  private @Nullable String yaml;

  void check(Mistakes mistakes) {
    Guard checked = Guard.standard();
    for (String denial : denials) {
      Guard before = checked;
      checked =
          mistakes
              .understand("--deny '" + denial + "'", () -> denying(before, denial))
              .orElse(before);
    }
    Path roles = allowed;
    if (roles != null) {
      Guard before = checked;
      checked =
          mistakes
              .read("--allow-only", () -> before.andAllowOnly(Roles.load(roles)))
              .orElse(before);
    }
    if (groups != null) {
      checked = checked.onlyGroups(groups.toArray(String[]::new));
    }
    if (users != null) {
      checked = checked.onlyUsers(users.toArray(String[]::new));
    }
    if (extra != null) {
      checked = checked.onlyExtra(extra.toArray(String[]::new));
    }
    guard = checked;
    String name = clusterRole;
    if (name != null) {
      Guard whole = checked;
      yaml =
          mistakes.understand("--print-cluster-role", () -> whole.clusterRole(name)).orElse(null);
    }
  }

  private static Guard denying(Guard guard, String denial) {
    int slash = denial.lastIndexOf('/');
    return slash < 0 || denial.startsWith("/")
        ? guard.andDeny(denial)
        : guard.andDeny(denial.substring(0, slash)).in(denial.substring(slash + 1));
  }

  /** Once all was checked. */
  Guard guard() {
    return Objects.requireNonNull(guard, "guard, which is checked first");
  }

  /** The ClusterRole, if that is all that is asked for. */
  Optional<String> clusterRole() {
    return Optional.ofNullable(yaml);
  }
}
