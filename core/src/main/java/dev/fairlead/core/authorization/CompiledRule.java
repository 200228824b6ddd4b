package dev.fairlead.core.authorization;

import dev.fairlead.api.RequestInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A rule ready for decisions. Comparing allocates nothing. */
final class CompiledRule {

  private static final List<String> ALL = List.of(Patterns.ANY);

  /** Verbs, and the resources on which they are meant. */
  private record Clause(Patterns verbs, ResourcePattern[] resources) {
    boolean matches(String verb, RequestInfo info) {
      return verbs.match(verb) && matchesResource(info);
    }

    private boolean matchesResource(RequestInfo info) {
      for (ResourcePattern pattern : resources) {
        if (pattern.matches(info.resource(), info.subresource())) {
          return true;
        }
      }
      return false;
    }
  }

  private final Rule rule;
  private final Patterns clusters;
  private final LabelSelector selector;
  private final Patterns namespaces;
  private final Patterns apiGroups;
  private final Patterns resourceNames;
  private final Patterns urls;
  private final Patterns verbs;
  private final Clause[] clauses;
  private final CompiledCondition when;

  CompiledRule(Rule rule) {
    this.rule = rule;
    clusters = Patterns.withPrefixes(clusters(rule));
    selector = LabelSelector.parse(rule.clusterSelector());
    namespaces = Patterns.withPrefixes(rule.namespaces());
    apiGroups = Patterns.withPrefixes(rule.apiGroups());
    resourceNames = Patterns.withPrefixes(rule.resourceNames());
    urls = Patterns.withPrefixes(rule.nonResourceUrls());
    verbs = Patterns.withPrefixes(rule.verbs());
    clauses = clauses(rule);
    when = new CompiledCondition(rule.when());
  }

  static List<String> clusters(Rule rule) {
    return rule.clusters().isEmpty() ? ALL : rule.clusters();
  }

  private static Clause[] clauses(Rule rule) {
    List<ResourcePattern> entries = rule.resources().stream().map(ResourcePattern::of).toList();
    List<Clause> clauses = new ArrayList<>();
    clauses.add(
        new Clause(
            Patterns.withPrefixes(plainVerbs(rule)), entries.toArray(ResourcePattern[]::new)));
    for (String verb : rule.verbs()) {
      Word word = Word.of(verb);
      if (word != null) {
        ResourcePattern[] meant =
            entries.stream()
                .flatMap(entry -> Stream.ofNullable(word.on(entry)))
                .toArray(ResourcePattern[]::new);
        clauses.add(new Clause(Patterns.withPrefixes(word.verbs), meant));
      }
    }
    return clauses.toArray(Clause[]::new);
  }

  /** Without the words that are no verbs of Kubernetes; {@code proxy} once was one. */
  private static List<String> plainVerbs(Rule rule) {
    return rule.verbs().stream()
        .filter(verb -> Word.of(verb) == null || Word.of(verb) == Word.PROXY)
        .toList();
  }

  /** Every verb that a request the rule covers may have. */
  static List<String> verbs(Rule rule) {
    List<String> all = new ArrayList<>(plainVerbs(rule));
    for (String verb : rule.verbs()) {
      Word word = Word.of(verb);
      if (word != null) {
        all.addAll(word.verbs);
      }
    }
    return all;
  }

  Rule source() {
    return rule;
  }

  CompiledCondition when() {
    return when;
  }

  boolean isAbout(Question question) {
    return clusters.match(question.cluster) && selector.matches(question.request.clusterLabels());
  }

  /** Whether the request is one of those the rule is about, whenever and from wherever it comes. */
  boolean covers(Question question) {
    RequestInfo info = question.info;
    if (info.isResourceRequest() != rule.isAboutResources() || !isAbout(question)) {
      return false;
    }
    if (!info.isResourceRequest()) {
      return verbs.match(info.verb()) && urls.match(info.path());
    }
    return matchesNamespace(question)
        && apiGroups.match(info.apiGroup())
        && matchesVerbAndResource(question)
        && matchesName(info.name());
  }

  private boolean matchesNamespace(Question question) {
    return namespaces.match(question.info.namespace())
        || rule.denies() && question.isAcrossNamespaces();
  }

  private boolean matchesVerbAndResource(Question question) {
    if (question.isImpersonation() && !rule.denies()) {
      return verbs.names(Question.IMPERSONATE) && clauses[0].matchesResource(question.info);
    }
    for (Clause clause : clauses) {
      if (clause.matches(question.info.verb(), question.info)) {
        return true;
      }
    }
    return false;
  }

  private boolean matchesName(String name) {
    return rule.resourceNames().isEmpty()
        || resourceNames.names(name)
        || rule.denies() && name.isEmpty();
  }

  /** What keeps the rule from covering the request, in words; empty if it covers it. */
  List<String> misses(Question question) {
    RequestInfo info = question.info;
    List<String> misses = new ArrayList<>();
    if (!clusters.match(question.cluster)) {
      misses.add(Misses.of("clusters", clusters(rule), question.cluster));
    }
    if (!selector.matches(question.request.clusterLabels())) {
      misses.add(
          Misses.of(
              "clusterSelector",
              List.of(rule.clusterSelector()),
              "labels " + new TreeMap<>(question.request.clusterLabels())));
    }
    if (info.isResourceRequest() != rule.isAboutResources()) {
      misses.add(
          info.isResourceRequest()
              ? "nonResourceURLs: the rule is about paths, the request about a resource"
              : "resources: the rule is about resources, the request about the path "
                  + Mistakes.printable(info.path()));
    } else if (!info.isResourceRequest()) {
      addUnless(verbs.match(info.verb()), misses, "verbs", rule.verbs(), info.verb());
      addUnless(
          urls.match(info.path()), misses, "nonResourceURLs", rule.nonResourceUrls(), info.path());
    } else {
      addResourceMisses(question, misses);
    }
    misses.addAll(when.misses(question, rule.when(), rule.denies()));
    return misses;
  }

  private void addResourceMisses(Question question, List<String> misses) {
    RequestInfo info = question.info;
    addUnless(
        matchesNamespace(question), misses, "namespaces", rule.namespaces(), info.namespace());
    addUnless(
        apiGroups.match(info.apiGroup()), misses, "apiGroups", rule.apiGroups(), info.apiGroup());
    addUnless(matchesName(info.name()), misses, "resourceNames", rule.resourceNames(), info.name());
    if (!matchesVerbAndResource(question)) {
      String path = String.valueOf(info.resourcePath());
      boolean resource = false;
      boolean verb = false;
      for (Clause clause : clauses) {
        resource |= clause.matchesResource(info);
        verb |= clause.verbs().match(info.verb());
      }
      addUnless(resource && !verb, misses, "resources", rule.resources(), path);
      addUnless(verb && !resource, misses, "verbs", rule.verbs(), info.verb());
    }
  }

  private static void addUnless(
      boolean matches, List<String> misses, String what, List<String> has, String asked) {
    if (!matches) {
      misses.add(Misses.of(what, has, asked));
    }
  }
}
