package dev.fairlead.agent.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.api.Identity;
import dev.fairlead.api.InvalidException;
import dev.fairlead.core.authorization.Condition;
import dev.fairlead.core.authorization.Roles;
import dev.fairlead.core.authorization.Rule;
import dev.fairlead.core.request.KubernetesRequest;
import dev.fairlead.core.request.RequestTarget;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GuardTest {

  private static final Identity ALICE =
      Identity.user("alice").inGroups("dev", "system:authenticated");
  private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");

  @ParameterizedTest
  @CsvSource({
    "exec, GET, /api/v1/namespaces/n/pods/p/exec, true",
    "exec, POST, /api/v1/namespaces/n/pods/p/exec, true",
    "exec, GET, /api/v1/namespaces/n/pods/p/attach, false",
    "logs, GET, /api/v1/namespaces/n/pods/p/log, true",
    "log, GET, /api/v1/namespaces/n/pods/p/log, true",
    "port-forward, GET, /api/v1/namespaces/n/pods/p/portforward, true",
    "proxy, GET, /api/v1/nodes/n/proxy/x, true",
    "proxy, GET, /api/v1/proxy/nodes/n/x, true",
    "secrets, GET, /api/v1/namespaces/n/secrets/s, true",
    "secrets, GET, /api/v1/secrets, true",
    "secrets, GET, /api/v1/namespaces/n/pods, false",
    "pods/log, GET, /api/v1/namespaces/n/pods/p/log, true",
    "pods/log, GET, /api/v1/namespaces/n/pods/p, false",
    "pods, GET, /api/v1/namespaces/n/pods/p/log, true",
    "delete, DELETE, /api/v1/namespaces/n/pods/p, true",
    "delete, DELETE, /api/v1/namespaces/n/pods, false",
    "get, GET, /metrics, true",
    "list, GET, /api/v1/pods, true",
    "/metrics, GET, /metrics, true",
    "/metrics, GET, /metrics/x, false",
    "/debug/*, GET, /debug/pprof/x, true",
    "/*, GET, /version, true",
    "'*', GET, /version, true",
    "'*', GET, /api/v1/pods, true",
  })
  void denialsNameVerbsResourcesSubresourcesAndPaths(
      String what, String method, String target, boolean refused) {
    assertThat(refused(Guard.deny(what), ALICE, method, target)).isEqualTo(refused);
    assertThat(refused(Guard.standard(), ALICE, method, target)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /api/v1/namespaces/kube-system/secrets/s, true",
    "GET, /api/v1/secrets, true",
    "GET, /api/v1/namespaces/shop/secrets/s, false",
    "GET, /api/v1/namespaces/kube-system/pods, false",
  })
  void denialInANamespaceCoversWhatTouchesAll(String method, String target, boolean refused) {
    Guard guard = Guard.deny("secrets").in("kube-system");
    assertThat(refused(guard, ALICE, method, target)).isEqualTo(refused);
    assertThat(guard).hasToString("Guard[secrets in kube-system]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Exec", "a b", "pods/exec/x", "*/x", "/a b", "/a*b"})
  void denialsThatNameNothingAreRefused(String what) {
    assertThatThrownBy(() -> Guard.deny(what)).isInstanceOf(InvalidException.class);
  }

  @Test
  void namespacesNeedADenialOfSomethingInNamespaces() {
    assertThatThrownBy(() -> Guard.standard().in("x")).isInstanceOf(InvalidException.class);
    assertThatThrownBy(() -> Guard.deny("/metrics").in("x")).isInstanceOf(InvalidException.class);
    assertThatThrownBy(() -> Guard.deny("exec").in()).isInstanceOf(InvalidException.class);
    assertThatThrownBy(() -> Guard.deny("exec").in("a/b")).isInstanceOf(InvalidException.class);
  }

  @Test
  void kubernetesOwnNamesAreAlwaysRefused() {
    for (Identity identity :
        List.of(
            Identity.user("system:admin"),
            Identity.user("x").inGroups("system:masters"),
            Identity.user("system:serviceaccount:a:b"))) {
      assertThat(refused(Guard.standard(), identity, "GET", "/version")).isTrue();
      assertThat(refused(Guard.standard().onlyUsers("x"), identity, "GET", "/version")).isTrue();
    }
  }

  @Test
  void rolesSayWhatIsAllowedInTheHubsOwnLanguage() {
    Guard guard =
        Guard.deny("exec")
            .andAllowOnly(
                Roles.builder()
                    .role(
                        "all",
                        Rule.builder()
                            .clusters("*")
                            .namespaces("shop")
                            .apiGroups("")
                            .resources("pods")
                            .verbs("get", "exec")
                            .when(Condition.NONE.during("UTC", "11:00-13:00"))
                            .build())
                    .bindGroups("all", "system:authenticated")
                    .build());
    assertThat(refused(guard, ALICE, "GET", "/api/v1/namespaces/shop/pods/p")).isFalse();
    assertThat(refused(guard, ALICE, "GET", "/version")).isFalse();
    assertThat(refused(guard, ALICE, "GET", "/api/v1/namespaces/shop/pods/p/exec")).isTrue();
    assertThat(refused(guard, ALICE, "GET", "/api/v1/namespaces/other/pods/p")).isTrue();
    assertThat(
            guard.refusal(
                ALICE, request("GET", "/api/v1/namespaces/shop/pods/p"), NOON.plusSeconds(3600)))
        .contains("the agent of this cluster is configured not to allow this");
  }

  @Test
  void rolesOfAGuardAreAboutItsOwnCluster() {
    Rule rule = Rule.builder().clusters("dev").nonResourceUrls("/x").verbs("get").build();
    Roles roles = Roles.builder().role("r", rule).bindUsers("r", "alice").build();
    assertThatThrownBy(() -> Guard.standard().andAllowOnly(roles))
        .isInstanceOf(InvalidException.class)
        .hasMessageContaining("roles[0].rules[0].clusters");
  }

  @Test
  void narrowedGuardActsForNobodyElse() {
    Guard guard = Guard.standard().onlyUsers("alice", "bob").onlyGroups("dev").onlyExtra("reason");
    assertThat(refused(guard, ALICE, "GET", "/version")).isFalse();
    assertThat(refused(guard, Identity.user("carol"), "GET", "/version")).isTrue();
    assertThat(refused(guard, ALICE.inGroups("ops"), "GET", "/version")).isTrue();
    Identity reasoned = new Identity("alice", "u", List.of(), Map.of("reason", List.of("x")));
    assertThat(refused(guard, reasoned, "GET", "/version")).isFalse();
    Identity other = new Identity("alice", "u", List.of(), Map.of("scopes", List.of("x")));
    assertThat(refused(guard, other, "GET", "/version")).isTrue();
  }

  @Test
  void clusterRoleLetsTheAgentImpersonateAllThatTheGuardDoesAndNoMore() {
    assertThat(Guard.standard().clusterRoleForAnyGroup("fairlead-agent"))
        .isEqualTo(
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata:
              name: fairlead-agent
            rules:
              - apiGroups: [""]
                resources: ["users"]
                verbs: ["impersonate"]
              - apiGroups: [""]
                resources: ["groups"]
                verbs: ["impersonate"]
              - apiGroups: ["authentication.k8s.io"]
                resources: ["uids"]
                verbs: ["impersonate"]
              - apiGroups: ["authentication.k8s.io"]
                resources: ["*"]
                verbs: ["impersonate"]
            """);
    assertThat(
            Guard.standard()
                .onlyUsers("oidc:b", "alice \"a\\b\"")
                .onlyGroups("dev")
                .onlyExtra("example.com/reason", "a")
                .clusterRole("narrow"))
        .isEqualTo(
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata:
              name: narrow
            rules:
              - apiGroups: [""]
                resources: ["users"]
                resourceNames: ["alice \\"a\\\\b\\"", "oidc:b"]
                verbs: ["impersonate"]
              - apiGroups: [""]
                resources: ["groups"]
                resourceNames: ["dev", "system:authenticated"]
                verbs: ["impersonate"]
              - apiGroups: ["authentication.k8s.io"]
                resources: ["uids"]
                verbs: ["impersonate"]
              - apiGroups: ["authentication.k8s.io"]
                resources: ["userextras/a", "userextras/example.com/reason"]
                verbs: ["impersonate"]
            """);
    assertThat(Guard.standard().onlyUsers().onlyGroups().onlyExtra().clusterRole("none"))
        .doesNotContain("users", "userextras", "\"*\"");
    assertThatThrownBy(() -> Guard.standard().onlyGroups("dev").clusterRole("a\nb"))
        .isInstanceOf(InvalidException.class);
  }

  @Test
  void noClusterRoleLetsTheAgentBeSystemMastersUnlessSomebodySaysSo() {
    for (Guard guard :
        List.of(Guard.standard(), Guard.deny("exec"), Guard.deny("*").onlyUsers("a"))) {
      assertThatThrownBy(() -> guard.clusterRole("fairlead-agent"))
          .isInstanceOf(InvalidException.class)
          .hasMessageContaining("system:masters (expected: a guard with onlyGroups)");
    }
    assertThat(Guard.standard().onlyGroups("dev", "ops").clusterRole("fairlead-agent"))
        .contains(
            """
                resources: ["groups"]
                resourceNames: ["dev", "ops", "system:authenticated"]
            """);
  }

  private static boolean refused(Guard guard, Identity identity, String method, String target) {
    return guard.refusal(identity, request(method, target), NOON).isPresent();
  }

  private static KubernetesRequest request(String method, String target) {
    return KubernetesRequest.of(method, RequestTarget.parse(target));
  }
}
