package dev.fairlead.examples.readme;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.Identity;
import dev.fairlead.api.RequestInfo;
import dev.fairlead.api.audit.AuditSink;
import dev.fairlead.api.auth.AccessRequest;
import dev.fairlead.api.auth.Decision;
import dev.fairlead.api.store.Stores;
import dev.fairlead.core.administration.AdministrationPages;
import dev.fairlead.core.audit.MemoryAuditSink;
import dev.fairlead.core.authorization.Condition;
import dev.fairlead.core.authorization.Explanation;
import dev.fairlead.core.authorization.ReloadableRoles;
import dev.fairlead.core.authorization.Roles;
import dev.fairlead.core.authorization.Rule;
import dev.fairlead.core.hub.FairleadHub;
import dev.fairlead.core.hub.HubBuilder;
import dev.fairlead.core.memory.InMemoryTransport;
import dev.fairlead.core.store.MemoryStores;
import dev.fairlead.gateway.GatewayBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The page on roles, and what core's README shows of them. */
class RolesReadmeTest {

  private static final Instant MONDAY_NOON = Instant.parse("2026-06-01T12:00:00Z");

  static Roles developers() {
    return Roles.builder()
        .role(
            "developer",
            Rule.builder()
                .clusterSelector("tier in (dev, test)")
                .namespaces("*")
                .apiGroups("")
                .resources("pods")
                .verbs("get", "list", "watch", "logs", "exec")
                .when(Condition.from("10.0.0.0/8"))
                .build(),
            Rule.denial()
                .clusters("*")
                .namespaces("kube-system")
                .apiGroups("*")
                .resources("*")
                .verbs("*")
                .build())
        .bindGroups("developer", "payments")
        .build();
  }

  static GatewayBuilder administered(
      GatewayBuilder door, FairleadHub hub, ReloadableRoles roles, AuditSink audit) {
    return door.serve(new AdministrationPages(hub, roles, audit, "fleet-administrators"));
  }

  static HubBuilder keepingItsRoles(HubBuilder hub, Stores stores) {
    return hub.stores(stores).authorizer(ReloadableRoles.in(stores.roles()));
  }

  @Test
  void hubReadsItsOwnRolesWhenItStarts() {
    Stores stores = MemoryStores.create();
    stores.open();
    Roles roles = developers();
    ReloadableRoles others = ReloadableRoles.in(stores.roles());
    others.open();
    assertThat(others.change(others.current(), roles)).isTrue();
    HubBuilder builder =
        FairleadHub.builder()
            .transport(InMemoryTransport.create().hub())
            .audit(new MemoryAuditSink(10))
            .keepInMemory();
    ReloadableRoles decisions = ReloadableRoles.in(stores.roles());
    try (FairleadHub hub = keepingItsRoles(builder, stores).authorizer(decisions).build()) {
      assertThat(decisions.current().roles()).isEmpty();
      hub.start();
      assertThat(decisions.current().roles()).isEqualTo(roles.roles());
    }
  }

  @Test
  void developersExecInDevAndNotInKubeSystem() {
    Identity jane = Identity.user("jane").inGroups("payments");
    assertThat(decide(developers(), exec(jane, "shop"))).isInstanceOf(Decision.Allowed.class);
    assertThat(decide(developers(), exec(jane, "kube-system"))).isInstanceOf(Decision.Denied.class);
    Explanation why = developers().explain(exec(jane, "shop").from("192.0.2.1"));
    assertThat(why.toString())
        .startsWith("refused: no rule allows it")
        .contains("networks: 10.0.0.0/8 (asked for: 192.0.2.1)");
  }

  @Test
  void fileOfThePageIsWhatThePageSaysOfIt() throws IOException {
    Path page = Path.of("docs/roles.md");
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      page = Files.exists(at.resolve("docs/roles.md")) ? at.resolve("docs/roles.md") : page;
    }
    String text = Files.readString(page);
    int start = text.indexOf("```yaml\n") + "```yaml\n".length();
    Roles roles = Roles.parse(text.substring(start, text.indexOf("```", start)), "roles.md");
    assertThat(roles.lint(MONDAY_NOON)).isEmpty();
    Identity jane = Identity.user("jane");
    assertThat(decide(roles, exec(jane, "shop").withClusterLabels(Map.of())))
        .isInstanceOf(Decision.Denied.class);
    RequestInfo secrets = new RequestInfo(true, "/x", "list", "", "v1", "shop", "secrets", "", "");
    assertThat(decide(roles, exec(jane, "shop").withInfo(secrets)))
        .isEqualTo(
            new Decision.Denied(
                "User \"jane\" cannot list resource \"secrets\" in API group \"\" in the namespace"
                    + " \"shop\" on cluster dev: a rule denies it",
                "no-secrets",
                "rules[0]"));
    assertThat(Roles.of(roles.toMap(), "map").roles()).isEqualTo(roles.roles());
  }

  private static Decision decide(Roles roles, AccessRequest request) {
    return roles.authorize(request).toCompletableFuture().join();
  }

  private static AccessRequest exec(Identity who, String namespace) {
    RequestInfo exec =
        new RequestInfo(true, "/x", "create", "", "v1", namespace, "pods", "exec", "web-0");
    return AccessRequest.of(who, ClusterName.of("dev"), exec, MONDAY_NOON)
        .withClusterLabels(Map.of("tier", "dev"))
        .from("10.1.2.3");
  }
}
