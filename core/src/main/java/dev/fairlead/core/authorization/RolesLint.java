package dev.fairlead.core.authorization;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Looks at roles and bindings as a whole for what has no effect. */
final class RolesLint {

  private final List<Finding> findings = new ArrayList<>();

  List<Finding> examine(List<Role> roles, List<Binding> bindings, Instant at) {
    for (int i = 0; i < roles.size(); i++) {
      Role role = roles.get(i);
      String key = "roles[" + i + "]";
      if (bindings.stream().noneMatch(b -> b.role().equals(role.name()))) {
        never(key, "no binding gives this role to anybody", "add a binding, or remove the role");
      }
      examine(role, key);
    }
    for (int i = 0; i < bindings.size(); i++) {
      examine(bindings.get(i), "bindings[" + i + "]", at);
    }
    return List.copyOf(findings);
  }

  private void examine(Role role, String key) {
    for (int i = 0; i < role.rules().size(); i++) {
      Rule rule = role.rules().get(i);
      String ruleKey = key + ".rules[" + i + "]";
      new RuleLint(rule, ruleKey, findings).examine();
      for (int j = 0; j < role.rules().size(); j++) {
        Rule other = role.rules().get(j);
        boolean first = j < i || !RuleCover.covers(rule, other);
        if (j != i
            && first
            && (other.denies() || !rule.denies())
            && RuleCover.covers(other, rule)) {
          never(
              ruleKey,
              "rules["
                  + j
                  + "] "
                  + (other.denies() ? "denies" : "covers")
                  + " all that it is about",
              "remove one of the two");
          break;
        }
      }
    }
  }

  private void examine(Binding binding, String key, Instant at) {
    Instant expiresAt = binding.expiresAt();
    if (expiresAt != null && !at.isBefore(expiresAt)) {
      never(key, "it expired at " + expiresAt, "remove the binding");
    }
    for (String user : binding.users()) {
      reserved(user, "user", key + ".users");
    }
    for (String group : binding.groups()) {
      if (!group.equals(RuleIndex.EVERYBODY)) {
        reserved(group, "group", key + ".groups");
      }
    }
  }

  private void reserved(String name, String what, String key) {
    if (name.startsWith("system:")) {
      never(
          key,
          "no "
              + what
              + " whose name begins with system: comes in through a hub, so "
              + Mistakes.quoted(name)
              + " is nobody",
          "bind a name as the hub's authenticators give it, with its prefix");
    }
  }

  private void never(String key, String message, String advice) {
    findings.add(new Finding(Finding.Kind.NEVER_MATCHES, key, message, advice));
  }
}
