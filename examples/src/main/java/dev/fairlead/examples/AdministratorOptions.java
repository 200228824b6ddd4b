package dev.fairlead.examples;

import dev.fairlead.api.audit.AuditSink;
import dev.fairlead.core.administration.AdministrationPages;
import dev.fairlead.core.administration.Administrators;
import dev.fairlead.core.authorization.ReloadableRoles;
import dev.fairlead.core.hub.FairleadHub;
import dev.fairlead.examples.program.Mistakes;
import dev.fairlead.gateway.GatewayBuilder;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of a hub whose roles and API keys are administered at its front door. */
final class AdministratorOptions {

  @Option(
      names = "--administrator-groups",
      paramLabel = "GROUP",
      split = ",",
      description =
          "whose members administer roles and everybody's API keys at /roles and /api-keys of the"
              + " front door; repeatable")
  private List<String> groups = List.of();

  @Option(
      names = "--administrator-users",
      paramLabel = "USER",
      split = ",",
      description = "who does so beside them; repeatable (default: without either, no such pages)")
  private List<String> users = List.of();

  private @Nullable Administrators administrators;

  /** Whether there are to be any. */
  boolean areThere() {
    return !groups.isEmpty() || !users.isEmpty();
  }

  void check(Mistakes mistakes) {
    if (areThere()) {
      administrators =
          mistakes
              .understand(
                  "--administrator-groups, --administrator-users",
                  () -> new Administrators(Set.copyOf(users), Set.copyOf(groups)))
              .orElse(null);
    }
  }

  /** Puts their pages onto the front door, if there are any. */
  void addTo(GatewayBuilder door, FairleadHub hub, ReloadableRoles roles, AuditSink audit) {
    if (administrators != null) {
      door.serve(new AdministrationPages(hub, roles, audit, administrators));
    }
  }
}
