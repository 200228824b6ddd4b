package dev.fairlead.core.authorization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.Identity;
import dev.fairlead.api.InvalidException;
import dev.fairlead.api.auth.AccessRequest;
import dev.fairlead.api.auth.Decision;
import dev.fairlead.core.request.KubernetesRequest;
import dev.fairlead.core.request.RequestTarget;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DenialsTest {

  private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
  private static final Identity JANE = Identity.user("jane").inGroups("dev");

  @Test
  void denialWinsWhicheverRoleItIsIn() {
    Roles roles =
        Roles.builder()
            .role("all", everything(Rule.builder()).build())
            .role("not-secrets", everything(Rule.denial()).resources("secrets").build())
            .bindUsers("all", "jane")
            .bindGroups("not-secrets", "dev")
            .build();
    assertThat(decide(roles, "GET", "/api/v1/namespaces/shop/secrets/db"))
        .isEqualTo(
            new Decision.Denied(
                "User \"jane\" cannot get resource \"secrets\" in API group \"\" in the namespace"
                    + " \"shop\" on cluster dev: a rule denies it",
                "not-secrets",
                "rules[0]"));
    assertThat(decide(roles, "GET", "/api/v1/namespaces/shop/pods/p"))
        .isEqualTo(new Decision.Allowed("all", "rules[0]"));
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /api/v1/namespaces/kube-system/secrets/x, false",
    "GET, /api/v1/namespaces/kube-system/secrets, false",
    "GET, /api/v1/secrets, false",
    "GET, /api/v1/secrets?watch=1, false",
    "DELETE, /api/v1/secrets, false",
    "GET, /api/v1/watch/secrets, false",
    "GET, /api/v1/namespaces/shop/secrets, true",
    "GET, /api/v1/nodes/n, true",
    "GET, /version, true",
  })
  void denialInANamespaceCoversWhatTouchesAllNamespaces(
      String method, String target, boolean allowed) {
    assertThat(allows(everything(Rule.denial()).namespaces("kube-system"), method, target))
        .isEqualTo(allowed);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /api/v1/namespaces/shop/secrets/db, false",
    "GET, /api/v1/namespaces/shop/secrets, false",
    "GET, /api/v1/namespaces/shop/secrets?fieldSelector=metadata.name=db, false",
    "GET, /api/v1/namespaces/shop/secrets?fieldSelector=metadata.name=other, true",
    "GET, /api/v1/namespaces/shop/secrets?fieldSelector=metadata.name!=db, false",
    "DELETE, /api/v1/namespaces/shop/secrets, false",
    "POST, /api/v1/namespaces/shop/secrets, false",
    "GET, /api/v1/namespaces/shop/secrets/other, true",
    "GET, /api/v1/namespaces/shop/pods, true",
  })
  void denialOfANameCoversWhatNamesNothing(String method, String target, boolean allowed) {
    assertThat(
            allows(
                everything(Rule.denial()).resources("secrets").resourceNames("db"), method, target))
        .isEqualTo(allowed);
  }

  @ParameterizedTest
  @CsvSource({
    "exec, pods, POST, /api/v1/namespaces/n/pods/p/exec, true",
    "exec, pods, GET, /api/v1/namespaces/n/pods/p/exec, true",
    "exec, '*', GET, /api/v1/namespaces/n/pods/p/exec, true",
    "exec, pods, GET, /api/v1/namespaces/n/pods/p/attach, false",
    "exec, pods, POST, /api/v1/namespaces/n/pods, false",
    "exec, services, GET, /api/v1/namespaces/n/pods/p/exec, false",
    "attach, pods, GET, /api/v1/namespaces/n/pods/p/attach, true",
    "port-forward, pods, GET, /api/v1/namespaces/n/pods/p/portforward, true",
    "port-forward, pods, GET, /api/v1/namespaces/n/pods/p, false",
    "logs, pods, GET, /api/v1/namespaces/n/pods/p/log, true",
    "logs, pods/log, GET, /api/v1/namespaces/n/pods/p/log, true",
    "logs, pods/*, GET, /api/v1/namespaces/n/pods/p/log, true",
    "logs, pods, GET, /api/v1/namespaces/n/pods/p, false",
    "logs, pods, GET, /api/v1/namespaces/n/pods/p/status, false",
    "logs, pods, DELETE, /api/v1/namespaces/n/pods/p/log, false",
    "proxy, services, GET, /api/v1/namespaces/n/services/s/proxy/x, true",
    "proxy, services, DELETE, /api/v1/namespaces/n/services/s/proxy/x, true",
    "proxy, services, GET, /api/v1/proxy/namespaces/n/services/s/x, true",
    "proxy, services, GET, /api/v1/nodes/n/proxy/x, false",
    "proxy, nodes, GET, /api/v1/nodes/n/proxy/x, true",
    "proxy, services, GET, /api/v1/namespaces/n/services/s, false",
  })
  void wordsMeanVerbsOnSubresources(
      String word, String resource, String method, String target, boolean covered) {
    Roles roles =
        Roles.builder()
            .role("r", everything(Rule.builder()).resources(resource).verbs(word).build())
            .bindUsers("r", "jane")
            .build();
    assertThat(decide(roles, method, target) instanceof Decision.Allowed).isEqualTo(covered);
    assertThat(allows(everything(Rule.denial()).resources(resource).verbs(word), method, target))
        .isEqualTo(!covered);
  }

  @Test
  void wordOnAnotherSubresourceIsRefused() {
    assertThatThrownBy(
            () ->
                Roles.builder()
                    .role(
                        "r", everything(Rule.builder()).resources("pods/log").verbs("exec").build())
                    .build())
        .isInstanceOf(InvalidException.class)
        .hasMessageContaining("roles[0].rules[0].verbs[0]: \"exec\"");
  }

  @Test
  void discoveryCanBeDenied() {
    Rule.Builder denial = Rule.denial().clusters("*").nonResourceUrls("/openapi/*").verbs("*");
    assertThat(allows(denial, "GET", "/openapi/v2")).isFalse();
    assertThat(allows(denial, "GET", "/version")).isTrue();
  }

  @Test
  void whoOnlyHasDenialsHasNothing() {
    Roles roles =
        Roles.builder()
            .role("none", everything(Rule.denial()).resources("secrets").build())
            .bindUsers("none", "jane")
            .build();
    assertThat(decide(roles, "GET", "/version")).isInstanceOf(Decision.Denied.class);
  }

  @Test
  void bindingToEverybodyCountsForEverybody() {
    Roles roles =
        Roles.builder()
            .role("r", everything(Rule.builder()).build())
            .bindGroups("r", "system:authenticated")
            .build();
    assertThat(decide(roles, "GET", "/api/v1/pods")).isInstanceOf(Decision.Allowed.class);
  }

  @Test
  void explanationNamesTheRuleAndWhatTheNearestOnesMissed() {
    Roles roles =
        Roles.builder()
            .role(
                "reader",
                everything(Rule.builder())
                    .namespaces("shop", "web-*")
                    .resources("pods")
                    .verbs("get", "list")
                    .build())
            .role("writer", everything(Rule.builder()).resources("pods").verbs("delete").build())
            .role("far", everything(Rule.builder()).clusters("x").namespaces("y").build())
            .bind(new Binding("reader", List.of("jane"), List.of()))
            .bind(new Binding("far", List.of("jane"), List.of()).until(NOW.minusSeconds(1)))
            .build();
    Explanation allowed = roles.explain(request("GET", "/api/v1/namespaces/shop/pods"));
    assertThat(allowed.reason()).isEqualTo("allowed by role reader, rules[0]");
    assertThat(allowed.nearest()).extracting(Explanation.Near::role).doesNotContain("reader");

    Explanation refused = roles.explain(request("DELETE", "/api/v1/namespaces/shop/pods/p"));
    assertThat(refused.reason()).isEqualTo("refused: no rule allows it");
    assertThat(refused.toString())
        .isEqualTo(
            """
            refused: no rule allows it
              allows not: reader rules[0], verbs: get, list (asked for: delete)
              allows not: writer rules[0], bindings: role writer is not given to jane or a group\
             of theirs
              allows not: far rules[0], clusters: x (asked for: dev); namespaces: y (asked for:\
             shop); bindings: expired at 2026-06-01T11:59:59Z""");
  }

  @Test
  void explanationNamesTheDenial() {
    Roles roles =
        Roles.builder()
            .role(
                "r",
                everything(Rule.builder()).build(),
                everything(Rule.denial()).resources("secrets").build())
            .bindUsers("r", "jane")
            .build();
    Explanation found = roles.explain(request("GET", "/api/v1/namespaces/shop/secrets/x"));
    assertThat(found.reason()).isEqualTo("denied by role r, rules[1]");
    assertThat(found.nearest())
        .containsExactly(
            new Explanation.Near(
                "r", "rules[0]", Rule.Effect.ALLOW, List.of("another rule decided before")));
  }

  private static Rule.Builder everything(Rule.Builder rule) {
    return rule.clusters("*").namespaces("*").apiGroups("*").resources("*").verbs("*");
  }

  private static boolean allows(Rule.Builder denial, String method, String target) {
    Roles roles =
        Roles.builder()
            .role(
                "all",
                everything(Rule.builder()).build(),
                Rule.builder().clusters("*").nonResourceUrls("*").verbs("*").build())
            .role("denial", denial.build())
            .bindUsers("all", "jane")
            .bindUsers("denial", "jane")
            .build();
    return decide(roles, method, target) instanceof Decision.Allowed;
  }

  private static AccessRequest request(String method, String target) {
    return AccessRequest.of(
        JANE,
        ClusterName.of("dev"),
        KubernetesRequest.of(method, RequestTarget.parse(target)).forAuthorization(),
        NOW);
  }

  private static Decision decide(Roles roles, String method, String target) {
    return roles.authorize(request(method, target)).toCompletableFuture().join();
  }
}
