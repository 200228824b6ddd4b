package dev.fairlead.testkit.authorization;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.Identity;
import dev.fairlead.api.RequestInfo;
import dev.fairlead.api.auth.AccessRequest;
import dev.fairlead.api.auth.Authorizer;
import dev.fairlead.api.auth.Decision;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link Authorizer} has to hold: extend it, say how yours is made to allow a few
 * things, and run it as any test.
 */
public abstract class AuthorizerConformance {

  private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
  private static final int THREADS = 8;
  private static final int ROUNDS = 200;

  private Authorizer authorizer;

  /** For subclasses. */
  protected AuthorizerConformance() {}

  /**
   * Makes the authoriser under test.
   *
   * @param permissions what it is to allow, and nothing else beside what it allows everybody
   * @return an authoriser
   * @throws Exception if it cannot be made
   */
  protected abstract Authorizer allowing(List<Permission> permissions) throws Exception;

  @BeforeEach
  void make() throws Exception {
    authorizer =
        allowing(
            List.of(
                new Permission("alice", "", "dev", "shop", "", "pods", "get"),
                new Permission("", "ops", "prod", "shop", "apps", "deployments", "update"),
                new Permission("", "ops", "prod", "shop", "", "pods/exec", "create")));
  }

  @Test
  void whatIsPermittedIsAllowedByARuleWithAName() {
    assertThat(decide(alicesPod()))
        .isInstanceOfSatisfying(
            Decision.Allowed.class,
            allowed -> {
              assertThat(allowed.role()).isNotBlank();
              assertThat(allowed.rule()).isNotBlank();
              if (allowed.until() != null) {
                assertThat(allowed.until()).isAfter(NOW);
              }
            });
    assertAllowed(request(ops(), "prod", "shop", "apps", "deployments", "", "update"));
    assertAllowed(request(ops(), "prod", "shop", "", "pods", "exec", "create"));
  }

  @Test
  void nobodyElseIsAllowed() {
    for (Identity other :
        List.of(
            Identity.user("Alice"),
            Identity.user("alice2"),
            Identity.user("alic"),
            Identity.user("*"),
            Identity.user("bob").inGroups("alice"),
            Identity.user("ops"))) {
      assertDenied(request(other, "dev", "shop", "", "pods", "", "get"));
    }
    assertDenied(
        request(Identity.user("ops"), "prod", "shop", "apps", "deployments", "", "update"));
    assertDenied(
        request(
            Identity.user("x").inGroups("Ops", "ops2"),
            "prod",
            "shop",
            "apps",
            "deployments",
            "",
            "update"));
  }

  @Test
  void nothingElseIsAllowed() {
    Identity alice = Identity.user("alice");
    assertDenied(request(alice, "prod", "shop", "", "pods", "", "get"));
    assertDenied(request(alice, "dev2", "shop", "", "pods", "", "get"));
    assertDenied(request(alice, "dev", "shop2", "", "pods", "", "get"));
    assertDenied(request(alice, "dev", "", "", "pods", "", "get"));
    assertDenied(request(alice, "dev", "shop", "metrics.k8s.io", "pods", "", "get"));
    assertDenied(request(alice, "dev", "shop", "", "podtemplates", "", "get"));
    for (String verb : List.of("list", "watch", "create", "delete", "deletecollection", "GET")) {
      assertDenied(request(alice, "dev", "shop", "", "pods", "", verb));
    }
  }

  @Test
  void subresourcesAreApart() {
    for (String subresource : List.of("log", "exec", "attach", "portforward", "proxy", "status")) {
      assertDenied(request(Identity.user("alice"), "dev", "shop", "", "pods", subresource, "get"));
    }
    assertDenied(request(ops(), "prod", "shop", "", "pods", "", "create"));
    assertDenied(request(ops(), "prod", "shop", "", "pods", "exec", "get"));
    assertDenied(request(ops(), "prod", "shop", "", "pods", "attach", "create"));
  }

  @Test
  void nobodyImpersonatesUnasked() {
    assertDenied(request(Identity.user("alice"), "dev", "", "", "users", "", "impersonate"));
    assertDenied(request(ops(), "prod", "shop", "", "groups", "", "impersonate"));
  }

  @Test
  void pathIsNoResource() {
    AccessRequest request = alicesPod();
    for (String path : List.of("/", "/metrics", "/namespaces/shop/pods/p", "/logs")) {
      assertDenied(request.withInfo(RequestInfo.nonResource("get", path)));
      assertDenied(request.withInfo(RequestInfo.nonResource("delete", path)));
    }
  }

  @Test
  void refusalSaysWhoMayNotDoWhatInOneLine() {
    Decision decision =
        decide(request(Identity.user("bob"), "dev", "shop", "", "pods", "", "delete"));
    assertThat(decision)
        .isInstanceOfSatisfying(
            Decision.Denied.class,
            denied ->
                assertThat(denied.message())
                    .contains("bob", "delete", "pods")
                    .doesNotContainPattern("\\p{Cntrl}"));
  }

  @Test
  void hostileNamesAreAnswered() {
    for (String name : List.of("a\"b", "ü", "x".repeat(1_024), "a'; --", "${a}", "a*")) {
      assertDenied(request(Identity.user(name), "dev", "shop", "", name, "", "get"));
    }
  }

  @Test
  void factsThatNoRuleIsAboutChangeNothing() {
    assertAllowed(alicesPod().withClusterLabels(Map.of("env", "prod")));
    assertAllowed(alicesPod().from("192.0.2.1"));
    assertAllowed(alicesPod().from("2001:db8::1"));
    assertAllowed(alicesPod().from("no address"));
  }

  @Test
  void manyGroupsAreLookedAt() {
    String[] groups = new String[500];
    for (int i = 0; i < groups.length; i++) {
      groups[i] = "g" + i;
    }
    Identity many = Identity.user("x").inGroups(groups);
    assertDenied(request(many, "prod", "shop", "apps", "deployments", "", "update"));
    assertAllowed(
        request(many.inGroups("ops"), "prod", "shop", "apps", "deployments", "", "update"));
  }

  @Test
  void decisionsOfManyThreadsDoNotMix() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        boolean alice = i % 2 == 0;
        AccessRequest request =
            alice
                ? alicesPod()
                : request(Identity.user("bob"), "dev", "shop", "", "pods", "", "get");
        running.add(
            threads.submit(
                () -> {
                  for (int round = 0; round < ROUNDS; round++) {
                    assertThat(decide(request) instanceof Decision.Allowed).isEqualTo(alice);
                  }
                }));
      }
      for (Future<?> one : running) {
        one.get(30, TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static AccessRequest alicesPod() {
    return request(Identity.user("alice"), "dev", "shop", "", "pods", "", "get");
  }

  private static Identity ops() {
    return Identity.user("olga").inGroups("other", "ops");
  }

  private static AccessRequest request(
      Identity identity,
      String cluster,
      String namespace,
      String apiGroup,
      String resource,
      String subresource,
      String verb) {
    RequestInfo info =
        new RequestInfo(
            true, "/x", verb, apiGroup, "v1", namespace, resource, subresource, "some-name");
    return AccessRequest.of(identity, ClusterName.of(cluster), info, NOW);
  }

  private void assertAllowed(AccessRequest request) {
    assertThat(decide(request)).as("%s", request).isInstanceOf(Decision.Allowed.class);
  }

  private void assertDenied(AccessRequest request) {
    assertThat(decide(request)).as("%s", request).isInstanceOf(Decision.Denied.class);
  }

  private Decision decide(AccessRequest request) {
    return authorizer
        .authorize(request)
        .toCompletableFuture()
        .orTimeout(10, TimeUnit.SECONDS)
        .join();
  }
}
