package dev.fairlead.core.authorization;

import dev.fairlead.api.RequestInfo;
import dev.fairlead.api.auth.Decision;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A rule ready for decisions, with the decision it makes. Comparing allocates nothing. */
final class CompiledRule {

  private final Patterns clusters;
  private final Patterns namespaces;
  private final Patterns apiGroups;
  private final ResourcePattern[] resources;
  private final String[] resourceNames;
  private final Patterns urls;
  private final Patterns verbs;
  private final CompletionStage<Decision> allowed;

  CompiledRule(Rule rule, String role, String name) {
    clusters = Patterns.withPrefixes(rule.clusters());
    namespaces = Patterns.withPrefixes(rule.namespaces());
    apiGroups = Patterns.withPrefixes(rule.apiGroups());
    resources = rule.resources().stream().map(ResourcePattern::of).toArray(ResourcePattern[]::new);
    resourceNames = rule.resourceNames().toArray(String[]::new);
    urls = Patterns.withPrefixes(rule.nonResourceUrls());
    verbs = Patterns.withPrefixes(rule.verbs());
    allowed = CompletableFuture.completedStage(new Decision.Allowed(role, name));
  }

  CompletionStage<Decision> allowed() {
    return allowed;
  }

  boolean isAbout(String cluster) {
    return clusters.match(cluster);
  }

  boolean allows(String cluster, RequestInfo info) {
    if (!clusters.match(cluster) || !verbs.match(info.verb())) {
      return false;
    }
    if (!info.isResourceRequest()) {
      return urls.match(info.path());
    }
    return namespaces.match(info.namespace())
        && apiGroups.match(info.apiGroup())
        && matchesResource(info.resource(), info.subresource())
        && matchesName(info.name());
  }

  private boolean matchesResource(String resource, String subresource) {
    for (ResourcePattern pattern : resources) {
      if (pattern.matches(resource, subresource)) {
        return true;
      }
    }
    return false;
  }

  private boolean matchesName(String name) {
    for (String allowedName : resourceNames) {
      if (allowedName.equals(name)) {
        return true;
      }
    }
    return resourceNames.length == 0;
  }
}
