package dev.fairlead.core.authorization;

import java.util.List;
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

  private final List<Grant> grants =
      List.of(
          grant(
              "discovery",
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
                  .verbs("get")),
          grant(
              "self-review",
              Rule.builder()
                  .clusters(ALL)
                  .namespaces(ALL)
                  .apiGroups("authorization.k8s.io")
                  .resources("selfsubjectaccessreviews", "selfsubjectrulesreviews")
                  .verbs("create")),
          grant(
              "self-review",
              Rule.builder()
                  .clusters(ALL)
                  .namespaces(ALL)
                  .apiGroups("authentication.k8s.io")
                  .resources("selfsubjectreviews")
                  .verbs("create")));

  private static Grant grant(String name, Rule.Builder rule) {
    return new Grant(
        new CompiledRule(rule.build()), ROLE, name, new CompiledCondition(Condition.NONE), null);
  }

  /** The rule that allows the request, if its user has anything to do on that cluster. */
  @Nullable Grant covering(Question question) {
    for (Grant grant : grants) {
      if (grant.rule().covers(question)) {
        return grant;
      }
    }
    return null;
  }
}
