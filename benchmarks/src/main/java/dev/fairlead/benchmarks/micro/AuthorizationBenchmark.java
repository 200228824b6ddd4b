package dev.fairlead.benchmarks.micro;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.Identity;
import dev.fairlead.api.RequestInfo;
import dev.fairlead.api.auth.AccessRequest;
import dev.fairlead.api.auth.Decision;
import dev.fairlead.core.authorization.Roles;
import dev.fairlead.core.authorization.Rule;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One decision for a user in 50 groups, by up to 1,000 rules that all 50 groups have. The goal is 5
 * µs, whatever comes out, and allocation that does not grow with the rules.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class AuthorizationBenchmark {

  private static final int GROUPS = 50;
  private static final String[] RESOURCES = {"pods", "services", "configmaps", "deployments"};
  private static final String[] VERBS = {"get", "list", "watch", "create", "update", "delete"};

  /** How many rules there are; what is allocated ({@code -prof gc}) has to be the same for both. */
  @Param({"100", "1000"})
  public int rules;

  private Roles roles = Roles.builder().build();
  private AccessRequest first = request(Identity.user("jane"), "x", "pods", "get");
  private AccessRequest last = first;
  private AccessRequest refused = first;

  /** Makes the rules: one in ten denies, one in ten is for names, one in seven selects by label. */
  @Setup
  public void makeRules() {
    Roles.Builder builder = Roles.builder();
    String[] groups = new String[GROUPS];
    for (int i = 0; i < GROUPS; i++) {
      groups[i] = "group-" + i;
    }
    for (int i = 0; i < rules; i++) {
      builder.role("role-" + i, rule(i)).bindGroups("role-" + i, groups);
    }
    roles = builder.build();
    Identity user = new Identity("jane", null, List.of(groups), Map.of());
    first = request(user, "team-1", "services", "list");
    int late = rules - 3;
    last = request(user, "team-" + late, RESOURCES[late % 4], VERBS[late % 6]);
    refused = request(user, "elsewhere", "pods", "get");
  }

  private static Rule rule(int i) {
    Rule.Builder rule = i % 10 == 9 ? Rule.denial() : Rule.builder();
    if (i % 7 == 0) {
      rule.clusterSelector("tier in (dev, test)");
    } else {
      rule.clusters("prod-*", "dev");
    }
    if (i % 10 == 4) {
      rule.resourceNames("name-" + i);
    }
    return rule.namespaces("team-" + i, "shared-" + i % 20 + "-*")
        .apiGroups("", "apps")
        .resources(RESOURCES[i % 4], RESOURCES[i % 4] + "/status")
        .verbs(VERBS[i % 6])
        .build();
  }

  private static AccessRequest request(
      Identity user, String namespace, String resource, String verb) {
    RequestInfo info = new RequestInfo(true, "/x", verb, "", "v1", namespace, resource, "", "name");
    return AccessRequest.of(
            user, ClusterName.of("prod-eu"), info, Instant.parse("2026-06-01T12:00:00Z"))
        .withClusterLabels(Map.of("tier", "prod"));
  }

  /**
   * By one of the first rules.
   *
   * @return the decision
   */
  @Benchmark
  public CompletionStage<Decision> allowedByAnEarlyRule() {
    return roles.authorize(first);
  }

  /**
   * By one of the last rules.
   *
   * @return the decision
   */
  @Benchmark
  public CompletionStage<Decision> allowedByALateRule() {
    return roles.authorize(last);
  }

  /**
   * By none.
   *
   * @return the decision
   */
  @Benchmark
  public CompletionStage<Decision> refused() {
    return roles.authorize(refused);
  }
}
