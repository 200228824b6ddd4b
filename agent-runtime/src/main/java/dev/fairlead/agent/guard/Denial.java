package dev.fairlead.agent.guard;

import dev.fairlead.api.InvalidException;
import dev.fairlead.core.authorization.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * One thing a guard refuses, in one word.
 *
 * @param what see {@link Guard}
 * @param namespaces where; empty: everywhere
 */
record Denial(String what, Set<String> namespaces) {

  private static final Pattern WORDS = Pattern.compile("\\*|[a-z0-9.-]+(/[a-z0-9.-]+)?");
  private static final Pattern PATH = Pattern.compile("/[\\x21-\\x29\\x2b-\\x7e]*\\*?");
  private static final Set<String> VERBS =
      Set.of(
          "get",
          "list",
          "watch",
          "create",
          "update",
          "patch",
          "delete",
          "deletecollection",
          "proxy");
  private static final Set<String> METHODS =
      Set.of("get", "head", "post", "put", "patch", "delete", "options");

  /** What people say for a subresource, where it is not its name. */
  private static final Map<String, String> SUBRESOURCES =
      Map.of("logs", "log", "port-forward", "portforward");

  private static final String[] ALL = {"*"};

  static Denial of(String what) {
    Objects.requireNonNull(what, "what");
    if (!WORDS.matcher(what).matches() && !PATH.matcher(what).matches()) {
      throw new InvalidException(
          "guard: "
              + what.length()
              + " characters that name nothing (expected: a verb, resource, subresource,"
              + " resource/subresource, path or *, in lower case)");
    }
    return new Denial(what, Set.of());
  }

  Denial in(Set<String> names) {
    if (what.startsWith("/")) {
      throw new InvalidException(
          "guard: a path in a namespace (expected: a path without in(), as it is in none)");
    }
    return new Denial(what, names);
  }

  /** The same in the language of rules. */
  List<Rule> rules() {
    List<Rule> rules = new ArrayList<>();
    boolean everything = what.equals("*");
    boolean path = what.startsWith("/");
    if (!path) {
      boolean verb = VERBS.contains(what);
      if (verb) {
        rules.add(resources(ALL, what));
      }
      if (!verb || what.equals("proxy")) {
        rules.add(resources(named(), ALL));
      }
    }
    if (path || everything || METHODS.contains(what)) {
      if (namespaces.isEmpty()) {
        rules.add(
            Rule.denial()
                .clusters(ALL)
                .nonResourceUrls(path ? what : "*")
                .verbs(path || everything ? "*" : what)
                .build());
      }
    }
    return rules;
  }

  private String[] named() {
    if (what.equals("*") || what.indexOf('/') > 0) {
      return new String[] {what};
    }
    String subresource = SUBRESOURCES.getOrDefault(what, what);
    return new String[] {what, what + "/*", "*/" + subresource};
  }

  private Rule resources(String[] names, String... verbs) {
    return Rule.denial()
        .clusters(ALL)
        .namespaces(namespaces.isEmpty() ? ALL : namespaces.toArray(String[]::new))
        .apiGroups(ALL)
        .resources(names)
        .verbs(verbs)
        .build();
  }

  String describe() {
    return namespaces.isEmpty()
        ? what
        : what + " in " + String.join(", ", new TreeSet<>(namespaces));
  }
}
