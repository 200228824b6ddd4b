package dev.fairlead.examples;

import dev.fairlead.api.Time;
import dev.fairlead.api.store.Stores;
import dev.fairlead.core.authorization.ReloadableRoles;
import dev.fairlead.core.pipe.DaemonThreads;
import dev.fairlead.examples.program.Lifetime;
import dev.fairlead.examples.program.Mistakes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the roles are: in a file that people edit, or among what the hub keeps itself. */
final class RoleOptions {

  @Option(
      names = "--roles",
      paramLabel = "FILE",
      description =
          "who may do what on which cluster, in YAML (default: what administrators put at /roles,"
              + " kept in the data directory)")
  private @Nullable Path file;

  private @Nullable ReloadableRoles decisions;

  void check(Mistakes mistakes, boolean administered) {
    Path given = file;
    if (given != null) {
      decisions = mistakes.read("--roles", () -> ReloadableRoles.load(given)).orElse(null);
    } else if (!administered) {
      mistakes.add(
          "--roles: missing (expected: a file, or --administrator-groups or --administrator-users,"
              + " who put roles at /roles)");
    }
  }

  /** Those of the file, or else of the stores. */
  ReloadableRoles of(Stores stores) {
    ReloadableRoles present = decisions == null ? ReloadableRoles.in(stores.roles()) : decisions;
    decisions = present;
    return present;
  }

  /** Reads the file, if there is one, again when it changes. */
  void watch(Time time, Lifetime lifetime) {
    if (file != null) {
      ExecutorService reading = DaemonThreads.blocking("fairlead-roles", 1, 1);
      lifetime.owns(reading::shutdownNow);
      decisions().watch(time, Duration.ofSeconds(2), reading);
    }
  }

  ReloadableRoles decisions() {
    return Objects.requireNonNull(decisions, "roles, which are taken first");
  }
}
