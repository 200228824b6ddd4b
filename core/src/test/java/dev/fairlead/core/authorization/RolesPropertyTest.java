package dev.fairlead.core.authorization;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.Identity;
import dev.fairlead.api.RequestInfo;
import dev.fairlead.api.auth.AccessRequest;
import dev.fairlead.api.auth.Decision;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Compiled roles decide as a plain reading of the rules does, whatever the rules. */
class RolesPropertyTest {

  private static final long SEED = 20260601;
  private static final int ROLE_SETS = 500;
  private static final int REQUESTS = 200;
  private static final Instant MONDAY = Instant.parse("2026-06-01T00:00:00Z");

  private static final String[] CLUSTERS = {
    "*", "*", "dev", "dev-1", "dev-*", "d*", "prod-eu", "prod-*"
  };
  private static final String[] SELECTORS = {"env=prod", "env in (dev, test)", "env!=prod", "!env"};
  private static final String[] NAMESPACES = {
    "*", "*", "*", "shop", "shop-a", "shop-*", "sh*", "kube-system"
  };
  private static final String[] GROUPS = {
    "*", "*", "*", "", "apps", "authorization.k8s.io", "metrics.k8s.io"
  };
  private static final String[] RESOURCES = {
    "*",
    "*",
    "*",
    "pods",
    "pods/log",
    "pods/*",
    "*/proxy",
    "secrets",
    "deployments",
    "nodes",
    "services",
    "selfsubjectaccessreviews",
    "users"
  };
  private static final String[] VERBS = {
    "*",
    "*",
    "*",
    "get",
    "get",
    "list",
    "watch",
    "create",
    "delete",
    "deletecollection",
    "impersonate",
    "logs",
    "exec",
    "proxy"
  };
  private static final String[] URLS = {"*", "/metrics", "/logs/*", "/apis/*", "/version"};
  private static final String[] NETWORKS = {
    "10.0.0.0/8", "10.1.0.0/16", "192.168.1.7", "2001:db8::/32", "::1"
  };
  private static final String[] HOURS = {
    "mon-fri 08:00-18:00", "22:00-06:00", "mon-fri 23:30-00:30"
  };
  private static final String[] SUBRESOURCES = {"", "", "log", "exec", "proxy", "status"};

  private final Random random = new Random(SEED);

  @Test
  void compiledRolesDecideAsThePlainReadingDoes() {
    int allowed = 0;
    int denied = 0;
    for (int i = 0; i < ROLE_SETS; i++) {
      Roles roles = roles();
      NaiveRoles naive = new NaiveRoles(roles);
      for (int j = 0; j < REQUESTS; j++) {
        AccessRequest request = request();
        boolean expected = naive.allows(request);
        Decision decision = roles.authorize(request).toCompletableFuture().join();
        assertThat(decision instanceof Decision.Allowed)
            .as("seed %s, roles %s, %s: %s", SEED, roles.toMap(), request, decision)
            .isEqualTo(expected);
        allowed += expected ? 1 : 0;
        denied += decision instanceof Decision.Denied d && d.role() != null ? 1 : 0;
      }
    }
    assertThat(allowed).isGreaterThan(3_000);
    assertThat(denied).isGreaterThan(3_000);
  }

  @Test
  void decisionHoldsUntilTheMomentItNames() {
    int bounded = 0;
    for (int i = 0; i < 200; i++) {
      Roles roles = roles();
      for (int j = 0; j < 50; j++) {
        AccessRequest request = request();
        if (roles.authorize(request).toCompletableFuture().join()
            instanceof Decision.Allowed allowed) {
          Instant end =
              allowed.until() == null ? request.at().plus(Duration.ofDays(3)) : allowed.until();
          bounded += allowed.until() == null ? 0 : 1;
          assertThat(end).isAfter(request.at());
          for (Instant at = request.at(); at.isBefore(end); at = at.plus(Duration.ofMinutes(53))) {
            assertThat(new NaiveRoles(roles).allows(at(request, at)))
                .as("%s at %s of %s", roles.toMap(), at, request)
                .isTrue();
          }
          assertThat(new NaiveRoles(roles).allows(at(request, end.minusMillis(1)))).isTrue();
        }
      }
    }
    assertThat(bounded).isGreaterThan(50);
  }

  @Test
  void mapAndBackIsTheSame() {
    for (int i = 0; i < 200; i++) {
      Roles roles = roles();
      Roles again = Roles.of(roles.toMap(), "map");
      assertThat(again.roles()).isEqualTo(roles.roles());
      assertThat(again.bindings()).isEqualTo(roles.bindings());
    }
  }

  private static AccessRequest at(AccessRequest request, Instant at) {
    return new AccessRequest(
        request.identity(),
        request.cluster(),
        request.clusterLabels(),
        request.info(),
        request.sourceIp(),
        at);
  }

  private Roles roles() {
    Roles.Builder builder = Roles.builder();
    int count = 1 + random.nextInt(6);
    for (int i = 0; i < count; i++) {
      List<Rule> rules = new ArrayList<>();
      for (int j = 0; j <= random.nextInt(5); j++) {
        rules.add(rule());
      }
      builder.role("r" + i, rules.toArray(Rule[]::new));
      for (int j = random.nextInt(3); j >= 0; j--) {
        builder.bind(binding("r" + i));
      }
    }
    return builder.build();
  }

  private Binding binding(String role) {
    boolean user = random.nextBoolean();
    Binding binding =
        new Binding(
            role,
            user ? List.of(pick("u0", "u1", "u2")) : List.of(),
            user ? List.of() : List.of(pick("g0", "g1", "g2", "system:authenticated")));
    if (random.nextInt(6) == 0) {
      binding = binding.until(MONDAY.plus(Duration.ofHours(random.nextInt(24 * 7))));
    }
    return random.nextInt(6) == 0 ? binding.when(condition()) : binding;
  }

  private Condition condition() {
    Condition condition = random.nextBoolean() ? Condition.from(some(NETWORKS)) : Condition.NONE;
    return condition.equals(Condition.NONE) || random.nextBoolean()
        ? condition.during(pick("Europe/Berlin", "UTC", "Asia/Kolkata"), pick(HOURS))
        : condition;
  }

  private Rule rule() {
    Rule.Builder rule = random.nextInt(4) == 0 ? Rule.denial() : Rule.builder();
    boolean selected = random.nextInt(4) == 0;
    if (selected) {
      rule.clusterSelector(pick(SELECTORS));
    }
    if (!selected || random.nextBoolean()) {
      rule.clusters(some(CLUSTERS));
    }
    if (random.nextInt(6) == 0) {
      rule.when(condition());
    }
    if (random.nextInt(6) == 0) {
      return rule.nonResourceUrls(some(URLS)).verbs(pick("*", "get", "post")).build();
    }
    if (random.nextInt(6) == 0) {
      rule.resourceNames(pick("db", "web"));
    }
    String[] resources = some(RESOURCES);
    String[] verbs = some(VERBS);
    boolean words = List.of(resources).stream().anyMatch(r -> r.equals("*") || !r.contains("/"));
    return rule.namespaces(some(NAMESPACES))
        .apiGroups(some(GROUPS))
        .resources(resources)
        .verbs(words ? verbs : new String[] {"get", "create"})
        .build();
  }

  private AccessRequest request() {
    List<String> groups =
        random.nextBoolean() ? List.of() : List.of(pick("g0", "g1"), pick("g2", "g3"));
    return new AccessRequest(
        new Identity(pick("u0", "u1", "u2", "u3"), null, groups, Map.of()),
        ClusterName.of(pick("dev", "dev-1", "dev-22", "d", "prod-eu", "prod-us", "other")),
        random.nextInt(4) == 0 ? Map.of() : Map.of("env", pick("prod", "dev", "test", "x")),
        random.nextInt(6) == 0
            ? RequestInfo.nonResource(
                pick("get", "post"), pick("/metrics", "/logs/a", "/version", "/apis/apps", "/x"))
            : resource(),
        pick("", "10.1.2.3", "10.200.0.1", "192.168.1.7", "192.168.1.8", "2001:db8::7", "::1"),
        MONDAY.plus(Duration.ofMinutes(random.nextInt(7 * 24 * 60))));
  }

  private RequestInfo resource() {
    String resource =
        pick(
            "pods",
            "pods",
            "secrets",
            "deployments",
            "nodes",
            "services",
            "selfsubjectaccessreviews",
            "users");
    return new RequestInfo(
        true,
        "/x",
        pick("get", "list", "watch", "create", "delete", "deletecollection", "impersonate"),
        pick("", "", "apps", "metrics.k8s.io", "authorization.k8s.io"),
        "v1",
        pick("", "shop", "shop-a", "shop-b", "shoe", "kube-system"),
        resource,
        pick(SUBRESOURCES),
        pick("", "db", "web", "x"));
  }

  private String pick(String... values) {
    return values[random.nextInt(values.length)];
  }

  private String[] some(String... values) {
    String[] found = new String[1 + random.nextInt(3)];
    for (int i = 0; i < found.length; i++) {
      found[i] = pick(values);
    }
    return found;
  }
}
