package dev.fairlead.core.authorization;

import java.util.List;

/** Whether one rule is about all that another is about. It may say no where it cannot tell. */
final class RuleCover {

  private static final List<String> ALL = List.of(Patterns.ANY);

  private RuleCover() {}

  static boolean covers(Rule wide, Rule narrow) {
    return wide.isAboutResources() == narrow.isAboutResources()
        && (wide.when().equals(Condition.NONE) || wide.when().equals(narrow.when()))
        && (wide.clusterSelector().isEmpty()
            || wide.clusterSelector().equals(narrow.clusterSelector()))
        && each(CompiledRule.clusters(wide), CompiledRule.clusters(narrow))
        && verbs(wide, narrow)
        && each(wide.nonResourceUrls(), narrow.nonResourceUrls())
        && each(wide.namespaces(), narrow.namespaces())
        && each(wide.apiGroups(), narrow.apiGroups())
        && resources(wide.resources(), narrow.resources())
        && (wide.resourceNames().isEmpty()
            || !narrow.resourceNames().isEmpty()
                && each(wide.resourceNames(), narrow.resourceNames()));
  }

  /** A word is about other resources than a verb, so it is covered by itself only. */
  private static boolean verbs(Rule wide, Rule narrow) {
    boolean everything = wide.verbs().contains(Patterns.ANY) && wide.resources().equals(ALL);
    for (String verb : narrow.verbs()) {
      boolean plain = Word.of(verb) == null && !verb.equals(Question.IMPERSONATE);
      boolean byStar = wide.verbs().contains(Patterns.ANY) && plain;
      boolean byWord = everything && Word.of(verb) != null;
      if (!wide.verbs().contains(verb) && !byStar && !byWord) {
        return false;
      }
    }
    return true;
  }

  private static boolean resources(List<String> wide, List<String> narrow) {
    return narrow.stream()
        .map(ResourcePattern::of)
        .allMatch(n -> wide.stream().map(ResourcePattern::of).anyMatch(w -> w.covers(n)));
  }

  private static boolean each(List<String> wide, List<String> narrow) {
    return narrow.stream().allMatch(pattern -> Patterns.cover(wide, pattern));
  }
}
