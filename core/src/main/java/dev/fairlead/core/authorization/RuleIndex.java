package dev.fairlead.core.authorization;

import dev.fairlead.api.Identity;
import dev.fairlead.api.RequestInfo;
import java.util.List;
import java.util.Map;

/**
 * Finds the few of many rules that may cover a request, in their order: for each property of the
 * request there is a set of the rules that take it, and what counts is in all sets. It may find too
 * much, where rules are about pairs of properties, but never too little.
 */
final class RuleIndex {

  static final String EVERYBODY = "system:authenticated";
  private static final List<String> ALL = List.of(Patterns.ANY);

  private final int words;
  private final Map<String, long[]> byUser;
  private final Map<String, long[]> byGroup;
  private final long[] toEverybody;
  private final long[] toNobody;
  private final long[] aboutResources;
  private final long[] aboutUrls;
  private final long[] allowing;
  private final long[] acrossNamespaces;
  private final long[] unnamed;
  private final Dimension clusters;
  private final Dimension verbs;
  private final Dimension namespaces;
  private final Dimension apiGroups;
  private final Dimension resources;
  private final Dimension names;
  private final Dimension urls;

  RuleIndex(List<Rule> rules, Map<String, long[]> byUser, Map<String, long[]> byGroup) {
    int count = rules.size();
    words = (count + 63) / 64;
    this.byUser = Map.copyOf(byUser);
    this.byGroup = Map.copyOf(byGroup);
    toNobody = new long[words];
    toEverybody = this.byGroup.getOrDefault(EVERYBODY, toNobody);
    aboutResources = new long[words];
    aboutUrls = new long[words];
    allowing = new long[words];
    long[] denying = new long[words];
    Dimension.Builder[] parts = new Dimension.Builder[7];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = new Dimension.Builder(count);
    }
    for (int i = 0; i < count; i++) {
      Rule rule = rules.get(i);
      Bits.set(rule.denies() ? denying : allowing, i);
      Bits.set(rule.isAboutResources() ? aboutResources : aboutUrls, i);
      parts[0].add(i, CompiledRule.clusters(rule));
      parts[1].add(i, CompiledRule.verbs(rule));
      parts[2].add(i, rule.namespaces());
      parts[3].add(i, rule.apiGroups());
      parts[4].add(
          i, rule.resources().stream().map(r -> ResourcePattern.of(r).resource()).toList());
      parts[5].add(i, rule.resourceNames().isEmpty() ? ALL : rule.resourceNames());
      parts[6].add(i, rule.nonResourceUrls());
    }
    clusters = parts[0].build();
    verbs = parts[1].build();
    namespaces = parts[2].build();
    apiGroups = parts[3].build();
    resources = parts[4].build();
    names = parts[5].build();
    urls = parts[6].build();
    acrossNamespaces = Bits.union(namespaces.any(), denying);
    unnamed = Bits.union(names.any(), denying);
  }

  /** The rules given to somebody that may cover a request. */
  Candidates candidates(Identity identity, Question question) {
    RequestInfo info = question.info;
    long[] of = subject(identity.username());
    if (!info.isResourceRequest()) {
      return new Candidates(
          groups(identity),
          of,
          new long[][] {
            aboutUrls, clusters.of(question.cluster), verbs.of(info.verb()), urls.of(info.path())
          });
    }
    return new Candidates(
        groups(identity),
        of,
        new long[][] {
          aboutResources,
          clusters.of(question.cluster),
          verbs.of(info.verb()),
          question.isAcrossNamespaces() ? acrossNamespaces : namespaces.of(info.namespace()),
          apiGroups.of(info.apiGroup()),
          resources.of(info.resource()),
          info.name().isEmpty() ? unnamed : names.of(info.name())
        });
  }

  /** The rules given to somebody that allow anything on the cluster of a request. */
  Candidates onCluster(Identity identity, Question question) {
    return new Candidates(
        groups(identity),
        subject(identity.username()),
        new long[][] {allowing, clusters.of(question.cluster)});
  }

  private long[] subject(String username) {
    return byUser.getOrDefault(username, toNobody);
  }

  private long[][] groups(Identity identity) {
    List<String> groups = identity.groups();
    long[][] found = new long[groups.size() + 1][];
    for (int i = 0; i < groups.size(); i++) {
      found[i] = byGroup.getOrDefault(groups.get(i), toNobody);
    }
    found[groups.size()] = toEverybody;
    return found;
  }

  /** Rules by number, each once, from the first to the last. Of one thread. */
  final class Candidates {

    private final long[][] subjects;
    private final long[] user;
    private final long[][] properties;
    private int word = -1;
    private long left;

    private Candidates(long[][] subjects, long[] user, long[][] properties) {
      this.subjects = subjects;
      this.user = user;
      this.properties = properties;
    }

    /** The next candidate, or -1. */
    int next() {
      while (left == 0) {
        if (word + 1 >= words) {
          return -1;
        }
        left = bits(++word);
      }
      int bit = Long.numberOfTrailingZeros(left);
      left &= left - 1;
      return (word << 6) + bit;
    }

    private long bits(int index) {
      long bits = -1;
      for (long[] property : properties) {
        bits &= property[index];
      }
      if (bits == 0) {
        return 0;
      }
      long given = user[index];
      for (long[] subject : subjects) {
        given |= subject[index];
      }
      return bits & given;
    }
  }
}
