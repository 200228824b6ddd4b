package dev.fairlead.core.authorization;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RolesLintTest {

  private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

  @Test
  void plainRolesHaveNoFindings() {
    Rule read =
        rule(Rule.builder()).resources("pods", "configmaps").verbs("get", "list", "watch").build();
    Rule words = rule(Rule.builder()).resources("pods").verbs("logs", "exec").build();
    Rule denial = rule(Rule.denial()).namespaces("kube-system").resources("*").verbs("*").build();
    assertThat(
            Roles.builder()
                .role("r", read, words, denial)
                .bindGroups("r", "dev", "system:authenticated")
                .build()
                .lint(NOW))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    // resources, groups, verbs, kind, text of the finding
    "*, *, *, GRANTS_MORE, pods/exec",
    "*, *, *, GRANTS_MORE, nodes/proxy",
    "*, *, get, GRANTS_MORE, secrets",
    "pods/*, '', create, GRANTS_MORE, pods/exec",
    "nodes/proxy, '', create, GRANTS_MORE, any container of the node",
    "nodes, '', proxy, GRANTS_MORE, any container of the node",
    "serviceaccounts/*, '', create, GRANTS_MORE, any service account",
    "clusterrolebindings, rbac.authorization.k8s.io, create, GRANTS_MORE, bind and escalate",
    "pods, *, get, GRANTS_MORE, every API group",
    "users, '', impersonate, GRANTS_MORE, act as anybody",
    "deployments, '', get, NEVER_MATCHES, 'group \"apps\"'",
    "pods, apps, get, NEVER_MATCHES, 'group \"\"'",
    "pods/exec, '', get, NEVER_MATCHES, the verb is create",
  })
  void findsRulesThatAreNotWhatTheySeem(
      String resource, String group, String verb, Finding.Kind kind, String text) {
    List<Finding> findings =
        lint(rule(Rule.builder()).apiGroups(group).resources(resource).verbs(verb));
    assertThat(findings)
        .anySatisfy(
            finding -> {
              assertThat(finding.kind()).isEqualTo(kind);
              assertThat(finding.toString()).contains(text).startsWith("roles[0].rules[0].");
              assertThat(finding.advice()).isNotEmpty();
            });
  }

  @Test
  void findsNamesThatNoRequestHas() {
    assertThat(lint(rule(Rule.builder()).resources("secrets").resourceNames("a").verbs("create")))
        .extracting(Finding::message)
        .containsExactly("a create names no object, so none is allowed");
    assertThat(lint(rule(Rule.builder()).resources("secrets").resourceNames("a").verbs("list")))
        .extracting(Finding::message)
        .containsExactly("list and watch are allowed only with fieldSelector=metadata.name=<name>");
    assertThat(lint(rule(Rule.builder()).resources("pods/exec").resourceNames("a").verbs("create")))
        .isEmpty();
  }

  @Test
  void findsClusterScopedResourcesInNamespaces() {
    assertThat(lint(rule(Rule.builder()).namespaces("shop").resources("nodes").verbs("get")))
        .extracting(Finding::message)
        .containsExactly("nodes are in no namespace");
  }

  @Test
  void findsDenialsThatLeaveAWayAround() {
    assertThat(lint(rule(Rule.denial()).resources("secrets").verbs("get")))
        .extracting(Finding::message)
        .containsExactly("get, list and watch show the same, and only get is denied");
    assertThat(lint(rule(Rule.denial()).resources("pods").verbs("*")))
        .extracting(Finding::message)
        .containsExactly("the subresources of pods are not denied");
    assertThat(lint(rule(Rule.denial()).resources("pods", "pods/*").verbs("*"))).isEmpty();
  }

  @Test
  void findsRulesInTheShadowOfOthers() {
    Rule wide = rule(Rule.builder()).resources("pods").verbs("get", "list").build();
    Rule narrow = rule(Rule.builder()).namespaces("shop").resources("pods").verbs("get").build();
    Rule other = rule(Rule.builder()).resources("pods", "services").verbs("get").build();
    assertThat(lint(narrow, wide))
        .extracting(Finding::toString)
        .containsExactly(
            "roles[0].rules[0]: rules[1] covers all that it is about (remove one of the two)");
    assertThat(lint(wide, wide)).hasSize(1);
    assertThat(lint(wide, other)).isEmpty();
    Rule denial = rule(Rule.denial()).resources("pods").verbs("get", "list", "watch").build();
    assertThat(lint(narrow, denial))
        .extracting(Finding::message)
        .containsExactly("rules[1] denies all that it is about");
    Rule atNight =
        rule(Rule.denial())
            .resources("pods")
            .verbs("get", "list", "watch")
            .when(Condition.NONE.during("UTC", "22:00-06:00"))
            .build();
    assertThat(lint(narrow, atNight)).isEmpty();
    Rule logs = rule(Rule.builder()).resources("pods").verbs("logs").build();
    assertThat(lint(wide, logs)).isEmpty();
  }

  @Test
  void findsBindingsOfNobodyAndRolesOfNobody() {
    Rule rule = rule(Rule.builder()).resources("pods").verbs("get").build();
    assertThat(
            Roles.builder()
                .role("unbound", rule)
                .role("r", rule)
                .bindUsers("r", "system:admin")
                .bindGroups("r", "system:masters")
                .bind(new Binding("r", List.of("jane"), List.of()).until(NOW))
                .build()
                .lint(NOW))
        .extracting(Finding::key)
        .containsExactly("roles[0]", "bindings[0].users", "bindings[1].groups", "bindings[2]");
  }

  private static Rule.Builder rule(Rule.Builder rule) {
    return rule.clusters("*").namespaces("*").apiGroups("");
  }

  private static List<Finding> lint(Rule.Builder rule) {
    return lint(rule.build());
  }

  private static List<Finding> lint(Rule... rules) {
    return Roles.builder().role("r", rules).bindUsers("r", "jane").build().lint(NOW);
  }
}
