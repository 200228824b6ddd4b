package dev.fairlead.core.authorization;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.fairlead.api.ClusterName;
import dev.fairlead.api.Identity;
import dev.fairlead.api.RequestInfo;
import dev.fairlead.api.auth.AccessRequest;
import dev.fairlead.api.auth.Decision;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a decision allocates, for a user in 50 groups which all have all rules. */
class DecisionAllocationTest {

  private static final int GROUPS = 50;
  private static final int DECISIONS = 200;
  private static final int ROUNDS = 30;

  /** A decision, its message if it is a refusal, and what was needed to come to it. */
  private static final long MOST_BYTES = 2_048;

  private static final long LESS_THAN_ONE_BIT_A_RULE = 64;

  private static final String[] VERBS = {"get", "list", "watch", "create", "update", "delete"};

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static Roles roles(int rules) {
    Roles.Builder builder = Roles.builder();
    for (int i = 0; i < rules; i++) {
      Rule.Builder rule = i % 10 == 9 ? Rule.denial() : Rule.builder();
      rule =
          i % 7 == 0 ? rule.clusterSelector("tier in (dev, test)") : rule.clusters("prod-*", "dev");
      builder
          .role(
              "role-" + i,
              rule.namespaces("team-" + i, "shared-" + i % 20 + "-*")
                  .apiGroups("", "apps")
                  .resources("pods", "pods/status")
                  .verbs(VERBS[i % 6])
                  .build())
          .bindGroups("role-" + i, groups().toArray(String[]::new));
    }
    return builder.build();
  }

  private static List<String> groups() {
    return IntStream.range(0, GROUPS).mapToObj(i -> "group-" + i).toList();
  }

  private static AccessRequest request(String namespace, String verb) {
    RequestInfo info = new RequestInfo(true, "/x", verb, "", "v1", namespace, "pods", "", "name");
    return AccessRequest.of(
            new Identity("jane", null, groups(), Map.of()),
            ClusterName.of("prod-eu"),
            info,
            Instant.parse("2026-06-01T12:00:00Z"))
        .withClusterLabels(Map.of("tier", "prod"));
  }

  private static boolean allows(Roles roles, AccessRequest request) {
    return roles.authorize(request).toCompletableFuture().join() instanceof Decision.Allowed;
  }

  /** Bytes for one decision: the least of many rounds, as compilers come in between. */
  private long allocated(Roles roles, AccessRequest request) {
    long least = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < DECISIONS; i++) {
        roles.authorize(request);
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    return least / DECISIONS;
  }

  @Test
  void doesNotGrowWithTheRules() {
    Roles few = roles(100);
    Roles many = roles(1_000);
    // The last rule that allows something, of each.
    AccessRequest lateOfFew = request("team-97", VERBS[97 % 6]);
    AccessRequest lateOfMany = request("team-997", VERBS[997 % 6]);
    AccessRequest nowhere = request("elsewhere", "get");
    assertThat(allows(few, lateOfFew)).isTrue();
    assertThat(allows(many, lateOfMany)).isTrue();
    assertThat(allows(many, nowhere)).isFalse();

    long allowed = allocated(few, lateOfFew);
    long refused = allocated(few, nowhere);
    assertThat(allowed).isLessThan(MOST_BYTES);
    assertThat(refused).isLessThan(MOST_BYTES);
    assertThat(allocated(many, lateOfMany)).isLessThanOrEqualTo(allowed + LESS_THAN_ONE_BIT_A_RULE);
    assertThat(allocated(many, nowhere)).isLessThanOrEqualTo(refused + LESS_THAN_ONE_BIT_A_RULE);
  }
}
