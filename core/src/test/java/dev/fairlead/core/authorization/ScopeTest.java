package dev.fairlead.core.authorization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.Identity;
import dev.fairlead.api.InvalidException;
import dev.fairlead.api.RequestInfo;
import dev.fairlead.api.auth.AccessRequest;
import dev.fairlead.api.auth.Decision;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScopeTest {

  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Rule READ_PODS =
      Rule.builder()
          .clusters("dev*")
          .namespaces("shop")
          .apiGroups("")
          .resources("pods")
          .verbs("*")
          .build();

  private static Decision decide(Scope scope, String user, String cluster, RequestInfo info) {
    return scope
        .authorize(AccessRequest.of(Identity.user(user), ClusterName.of(cluster), info, NOW))
        .toCompletableFuture()
        .join();
  }

  private static RequestInfo pods(String verb, String namespace) {
    return new RequestInfo(true, "/x", verb, "", "v1", namespace, "pods", "", "");
  }

  @Test
  void isTheSameForEverybody() {
    Scope scope = Scope.of(List.of(READ_PODS));
    for (String user : List.of("jane", "bearer", "service:ci")) {
      assertThat(decide(scope, user, "dev-eu", pods("list", "shop")))
          .isInstanceOf(Decision.Allowed.class);
      assertThat(decide(scope, user, "dev-eu", pods("list", "other")))
          .isInstanceOfSatisfying(
              Decision.Denied.class,
              denied ->
                  assertThat(denied.message())
                      .contains("\"" + user + "\"", "outside of the credential's scope"));
    }
    assertThat(decide(scope, "jane", "prod", pods("list", "shop")))
        .isInstanceOf(Decision.Denied.class);
  }

  @Test
  void reachesDiscoveryWhereItReachesAnything() {
    Scope scope = Scope.of(List.of(READ_PODS));
    RequestInfo discovery = RequestInfo.nonResource("get", "/api");
    assertThat(decide(scope, "jane", "dev-eu", discovery)).isInstanceOf(Decision.Allowed.class);
    assertThat(decide(scope, "jane", "prod", discovery)).isInstanceOf(Decision.Denied.class);
  }

  @Test
  void actingAsOthersHasToBeNamed() {
    Scope all =
        Scope.of(
            List.of(
                Rule.builder()
                    .clusters("*")
                    .namespaces("*")
                    .apiGroups("*")
                    .resources("*")
                    .verbs("*")
                    .build()));
    RequestInfo impersonate =
        new RequestInfo(true, "/x", "impersonate", "", "v1", "", "users", "", "bob");
    assertThat(decide(all, "jane", "dev", impersonate)).isInstanceOf(Decision.Denied.class);
  }

  @Test
  void comesBackFromJsonAsItWas() {
    Scope scope =
        Scope.of(
            List.of(
                READ_PODS,
                Rule.denial()
                    .clusterSelector("env in (prod)")
                    .namespaces("*")
                    .apiGroups("*")
                    .resources("*")
                    .verbs("*")
                    .when(Condition.from("10.0.0.0/8"))
                    .build(),
                Rule.builder().clusters("*").nonResourceUrls("/metrics").verbs("get").build()));
    assertThat(Scope.parse(scope.toJson(), "stored")).isEqualTo(scope);
    assertThat(Scope.of(scope.toMap(), "request")).isEqualTo(scope).hasSameHashCodeAs(scope);
  }

  @Test
  void tellsAllMistakesAtOnce() {
    Map<String, Object> bad =
        Map.of(
            "rules",
            List.of(Map.of("clusters", List.of("dev"), "verbs", List.of("fly"))),
            "role",
            "admin");
    assertThatThrownBy(() -> Scope.of(bad, "scope"))
        .isInstanceOf(InvalidException.class)
        .hasMessageContainingAll(
            "role: unknown key",
            "rules[0].namespaces",
            "rules[0].apiGroups",
            "rules[0].resources",
            "rules[0].verbs[0]: \"fly\"");
    assertThatThrownBy(() -> Scope.of(List.of()))
        .isInstanceOf(InvalidException.class)
        .hasMessageContaining("rules: missing or empty");
    assertThatThrownBy(() -> Scope.parse("[]", "scope")).isInstanceOf(InvalidException.class);
  }
}
