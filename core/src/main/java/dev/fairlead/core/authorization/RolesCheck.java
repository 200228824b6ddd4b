package dev.fairlead.core.authorization;

import dev.fairlead.api.ClusterName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** What roles and bindings have to be like, whether they came from a file or from code. */
final class RolesCheck {

  private static final Pattern ROLE_NAME = Pattern.compile("[A-Za-z0-9._-]{1,63}");
  private static final Pattern LABEL_PREFIX = Pattern.compile("[a-z0-9-]{0,62}\\*");
  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
  private static final Pattern GROUP = Pattern.compile("\\*|[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");
  private static final Pattern RESOURCE =
      Pattern.compile("\\*|[a-z0-9.-]+(/([a-z0-9.-]+|\\*))?|\\*/[a-z0-9.-]+");
  private static final Pattern URL = Pattern.compile("\\*|/[^*\\s]*\\*?");
  private static final Set<String> VERBS =
      new TreeSet<>(
          List.of(
              "get",
              "list",
              "watch",
              "create",
              "update",
              "patch",
              "delete",
              "deletecollection",
              "impersonate",
              "logs",
              "exec",
              "attach",
              "port-forward",
              "proxy"));
  private static final Set<String> METHODS =
      new TreeSet<>(List.of("get", "head", "post", "put", "patch", "delete", "options"));

  private final Mistakes mistakes;
  private final ConditionCheck conditions;

  RolesCheck(Mistakes mistakes) {
    this.mistakes = mistakes;
    this.conditions = new ConditionCheck(mistakes);
  }

  void check(List<Role> roles, List<Binding> bindings) {
    Map<String, String> keyOfRole = new HashMap<>();
    for (int i = 0; i < roles.size(); i++) {
      String key = "roles[" + i + "]";
      checkRole(roles.get(i), key, keyOfRole);
    }
    for (int i = 0; i < bindings.size(); i++) {
      checkBinding(bindings.get(i), "bindings[" + i + "]", keyOfRole);
    }
  }

  private void checkRole(Role role, String key, Map<String, String> keyOfRole) {
    String nameKey = key + ".name";
    if (role.name().isEmpty()) {
      mistakes.addMissing(nameKey, key, "the role's name");
    } else if (!ROLE_NAME.matcher(role.name()).matches()) {
      mistakes.addValue(nameKey, role.name(), "1-63 letters, digits, '.', '_' and '-'");
    } else {
      String other = keyOfRole.putIfAbsent(role.name(), key);
      if (other != null) {
        mistakes.addValue(nameKey, role.name(), "a name of its own; " + other + " has this one");
      }
    }
    checkRules(role.rules(), key);
  }

  void checkRules(List<Rule> rules, String parent) {
    String key = TreeShape.child(parent, "rules");
    if (rules.isEmpty()) {
      mistakes.addMissing(key, parent, "at least one rule");
    }
    for (int i = 0; i < rules.size(); i++) {
      checkRule(rules.get(i), key + '[' + i + ']');
    }
  }

  private void checkRule(Rule rule, String key) {
    String cluster = "a cluster's name, prefix* or *";
    if (rule.clusterSelector().isEmpty()) {
      require(key, "clusters", rule.clusters(), RolesCheck::isCluster, cluster);
    } else {
      each(key + ".clusters", rule.clusters(), RolesCheck::isCluster, cluster);
      checkSelector(key + ".clusterSelector", rule.clusterSelector());
    }
    conditions.check(rule.when(), key + ".when");
    if (!rule.nonResourceUrls().isEmpty()) {
      String both = "no resources, resourceNames, apiGroups or namespaces beside nonResourceURLs";
      mustBeAbsent(key + ".namespaces", rule.namespaces(), both);
      mustBeAbsent(key + ".apiGroups", rule.apiGroups(), both);
      mustBeAbsent(key + ".resources", rule.resources(), both);
      mustBeAbsent(key + ".resourceNames", rule.resourceNames(), both);
      require(key, "nonResourceURLs", rule.nonResourceUrls(), URL, "/path, /prefix* or *");
      requireVerbs(key, rule.verbs(), METHODS);
      return;
    }
    require(key, "namespaces", rule.namespaces(), RolesCheck::isLabel, "a namespace, prefix* or *");
    require(
        key,
        "apiGroups",
        rule.apiGroups(),
        group -> group.isEmpty() || GROUP.matcher(group).matches(),
        "a group, \"\" for the core group, or *");
    require(
        key,
        "resources",
        rule.resources(),
        RESOURCE,
        "resource, resource/subresource, resource/*, */subresource or *");
    each(
        key + ".resourceNames",
        rule.resourceNames(),
        name -> !name.isEmpty() && name.indexOf('*') < 0,
        "an object's exact name");
    requireVerbs(key, rule.verbs(), VERBS);
    checkWords(rule, key);
  }

  private void checkSelector(String key, String selector) {
    try {
      LabelSelector.parse(selector);
    } catch (IllegalArgumentException e) {
      mistakes.addValue(key, String.valueOf(e.getMessage()), LabelSelector.SYNTAX);
    }
  }

  /** A word is about a subresource; what names another one says something else than it means. */
  private void checkWords(Rule rule, String key) {
    for (int i = 0; i < rule.verbs().size(); i++) {
      Word word = Word.of(rule.verbs().get(i));
      if (word != null
          && !rule.resources().isEmpty()
          && rule.resources().stream().allMatch(r -> word.on(ResourcePattern.of(r)) == null)) {
        mistakes.addValue(
            key + ".verbs[" + i + "]",
            word.text,
            "a resource that has it, such as pods, among the resources");
      }
    }
  }

  private void requireVerbs(String key, List<String> verbs, Set<String> known) {
    require(
        key,
        "verbs",
        verbs,
        verb -> verb.equals("*") || known.contains(verb),
        "* or one of " + String.join(", ", known));
  }

  private void checkBinding(Binding binding, String key, Map<String, String> keyOfRole) {
    if (binding.role().isEmpty()) {
      mistakes.addMissing(key + ".role", key, "the name of a role");
    } else if (!keyOfRole.containsKey(binding.role())) {
      mistakes.addValue(
          key + ".role",
          binding.role(),
          keyOfRole.isEmpty()
              ? "a role, but there are none"
              : "one of the roles " + String.join(", ", new TreeSet<>(keyOfRole.keySet())));
    }
    boolean nobody = binding.users().isEmpty() && binding.groups().isEmpty();
    if (nobody && !mistakes.isReported(key + ".groups")) {
      mistakes.addMissing(key + ".users", key, "at least one user or group");
    }
    String exact = "an exact name, since wildcards do not apply to users and groups";
    each(key + ".users", binding.users(), RolesCheck::isSubject, exact);
    each(key + ".groups", binding.groups(), RolesCheck::isSubject, exact);
    conditions.check(binding.when(), key + ".when");
  }

  private void require(
      String key, String list, List<String> values, Pattern pattern, String expected) {
    require(key, list, values, value -> pattern.matcher(value).matches(), expected);
  }

  private void require(
      String key, String list, List<String> values, Predicate<String> valid, String expected) {
    if (values.isEmpty()) {
      mistakes.addMissing(key + '.' + list, key, "at least one of: " + expected);
    }
    each(key + '.' + list, values, valid, expected);
  }

  private void each(String key, List<String> values, Predicate<String> valid, String expected) {
    for (int i = 0; i < values.size(); i++) {
      if (!valid.test(values.get(i))) {
        mistakes.addValue(key + '[' + i + ']', values.get(i), expected);
      }
    }
  }

  private void mustBeAbsent(String key, List<String> values, String expected) {
    if (!values.isEmpty()) {
      mistakes.add(key, "present", expected);
    }
  }

  private static boolean isCluster(String value) {
    return ClusterName.isValid(value) || LABEL_PREFIX.matcher(value).matches();
  }

  private static boolean isLabel(String value) {
    return LABEL.matcher(value).matches() || LABEL_PREFIX.matcher(value).matches();
  }

  private static boolean isSubject(String value) {
    return !value.isBlank() && value.indexOf('*') < 0;
  }
}
