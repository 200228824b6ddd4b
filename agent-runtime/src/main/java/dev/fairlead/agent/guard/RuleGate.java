package dev.fairlead.agent.guard;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.Identity;
import dev.fairlead.api.InvalidException;
import dev.fairlead.api.auth.AccessRequest;
import dev.fairlead.api.auth.Decision;
import dev.fairlead.core.authorization.Role;
import dev.fairlead.core.authorization.Roles;
import dev.fairlead.core.authorization.Rule;
import dev.fairlead.core.request.KubernetesRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Asks rules about requests to the agent's own cluster. */
final class RuleGate {

  private static final ClusterName HERE = ClusterName.of("here");
  private static final String[] ALL = {"*"};
  private static final String EVERYBODY = "system:authenticated";

  private final Roles roles;

  private RuleGate(Roles roles) {
    this.roles = roles;
  }

  /** Lets on all that no rule denies. */
  static RuleGate denying(List<Rule> denials) {
    List<Rule> rules = new ArrayList<>(denials);
    rules.add(
        Rule.builder()
            .clusters(ALL)
            .namespaces(ALL)
            .apiGroups(ALL)
            .resources(ALL)
            .verbs(ALL)
            .build());
    rules.add(Rule.builder().clusters(ALL).nonResourceUrls(ALL).verbs(ALL).build());
    return new RuleGate(
        Roles.builder()
            .role("guard", rules.toArray(Rule[]::new))
            .bindGroups("guard", EVERYBODY)
            .build());
  }

  /** Lets on what the roles allow. */
  static RuleGate allowing(Roles roles) {
    List<String> mistakes = new ArrayList<>();
    for (int i = 0; i < roles.roles().size(); i++) {
      Role role = roles.roles().get(i);
      for (int j = 0; j < role.rules().size(); j++) {
        Rule rule = role.rules().get(j);
        if (!rule.clusters().contains("*") || !rule.clusterSelector().isEmpty()) {
          mistakes.add(
              "roles["
                  + i
                  + "].rules["
                  + j
                  + "].clusters: not all (expected: [\"*\"] and no clusterSelector, as an agent"
                  + " serves one cluster)");
        }
      }
    }
    if (!mistakes.isEmpty()) {
      throw new InvalidException("guard: " + String.join("; ", mistakes));
    }
    return new RuleGate(roles);
  }

  boolean lets(Identity identity, KubernetesRequest request, Instant at) {
    AccessRequest asked = AccessRequest.of(identity, HERE, request.forAuthorization(), at);
    return roles.authorize(asked).toCompletableFuture().join() instanceof Decision.Allowed;
  }
}
