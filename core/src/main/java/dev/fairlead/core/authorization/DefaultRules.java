package dev.fairlead.core.authorization;

import dev.fairlead.api.RequestInfo;
import dev.fairlead.api.auth.Decision;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What a user may do on every cluster where some rule is about them, as Kubernetes lets every
 * authenticated user: read discovery, version and health (its role {@code system:discovery}) and
 * ask about themselves ({@code system:basic-user}). Without these no kubectl gets to its first
 * request.
 */
final class DefaultRules {

  static final String ROLE = "fairlead:default";

  private static final String[] ALL = {"*"};

  private final List<CompiledRule> rules =
      List.of(
          new CompiledRule(
              Rule.builder()
                  .clusters(ALL)
                  .nonResourceUrls(
                      "/api",
                      "/api/*",
                      "/apis",
                      "/apis/*",
                      "/openapi",
                      "/openapi/*",
                      "/version",
                      "/version/",
                      "/healthz",
                      "/livez",
                      "/readyz")
                  .verbs("get")
                  .build(),
              ROLE,
              "discovery"),
          new CompiledRule(
              Rule.builder()
                  .clusters(ALL)
                  .namespaces(ALL)
                  .apiGroups("authorization.k8s.io")
                  .resources("selfsubjectaccessreviews", "selfsubjectrulesreviews")
                  .verbs("create")
                  .build(),
              ROLE,
              "self-review"),
          new CompiledRule(
              Rule.builder()
                  .clusters(ALL)
                  .namespaces(ALL)
                  .apiGroups("authentication.k8s.io")
                  .resources("selfsubjectreviews")
                  .verbs("create")
                  .build(),
              ROLE,
              "self-review"));

  @Nullable CompletionStage<Decision> decide(String cluster, RequestInfo info) {
    for (CompiledRule rule : rules) {
      if (rule.allows(cluster, info)) {
        return rule.allowed();
      }
    }
    return null;
  }
}
