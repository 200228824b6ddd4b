package dev.fairlead.core.authorization;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The one form of roles and bindings outside of Java: maps, lists and text, whether they come from
 * YAML or from JSON.
 */
final class RolesTree {

  static final String[] RULE_KEYS = {
    "effect",
    "clusters",
    "clusterSelector",
    "namespaces",
    "apiGroups",
    "resources",
    "resourceNames",
    "nonResourceURLs",
    "verbs",
    "when"
  };

  private final Mistakes mistakes;
  private final TreeShape shape;

  RolesTree(Mistakes mistakes) {
    this.mistakes = mistakes;
    this.shape = new TreeShape(mistakes);
  }

  Roles read(@Nullable Object tree) {
    Map<?, ?> fields = shape.fields(tree, TreeShape.ROOT, "roles", "bindings");
    List<Role> roles = new ArrayList<>();
    for (Object item : required(fields, "roles", "a list of roles")) {
      roles.add(role(item, "roles[" + roles.size() + "]"));
    }
    List<Binding> bindings = new ArrayList<>();
    for (Object item : required(fields, "bindings", "a list of bindings")) {
      bindings.add(binding(item, "bindings[" + bindings.size() + "]"));
    }
    return Roles.checked(roles, bindings, mistakes);
  }

  private List<?> required(Map<?, ?> fields, String key, String expected) {
    if (!fields.containsKey(key)) {
      mistakes.addMissing(key, TreeShape.ROOT, expected);
    }
    return shape.items(fields, TreeShape.ROOT, key);
  }

  private Role role(@Nullable Object tree, String key) {
    Map<?, ?> fields = shape.fields(tree, key, "name", "rules");
    List<Rule> rules = new ArrayList<>();
    for (Object item : shape.items(fields, key, "rules")) {
      rules.add(rule(item, key + ".rules[" + rules.size() + "]"));
    }
    return new Role(shape.text(fields, key, "name"), rules);
  }

  Rule rule(@Nullable Object tree, String key) {
    Map<?, ?> fields = shape.fields(tree, key, RULE_KEYS);
    return new Rule(
        effect(shape.text(fields, key, "effect"), key + ".effect"),
        shape.texts(fields, key, "clusters"),
        shape.text(fields, key, "clusterSelector"),
        shape.texts(fields, key, "namespaces"),
        shape.texts(fields, key, "apiGroups"),
        shape.texts(fields, key, "resources"),
        shape.texts(fields, key, "resourceNames"),
        shape.texts(fields, key, "nonResourceURLs"),
        shape.texts(fields, key, "verbs"),
        condition(fields, key));
  }

  private Rule.Effect effect(String text, String key) {
    if (text.equals("deny")) {
      return Rule.Effect.DENY;
    }
    if (!text.isEmpty() && !text.equals("allow")) {
      mistakes.addValue(key, text, "allow or deny");
    }
    return Rule.Effect.ALLOW;
  }

  private Condition condition(Map<?, ?> parent, String parentKey) {
    if (!parent.containsKey("when")) {
      return Condition.NONE;
    }
    String key = parentKey + ".when";
    Map<?, ?> fields = shape.fields(parent.get("when"), key, "networks", "hours", "timeZone");
    if (fields.isEmpty() && !mistakes.isReported(key)) {
      mistakes.add(key, "empty", "networks or hours, or no such key");
    }
    return new Condition(
        shape.texts(fields, key, "networks"),
        shape.texts(fields, key, "hours"),
        shape.text(fields, key, "timeZone"));
  }

  private Binding binding(@Nullable Object tree, String key) {
    Map<?, ?> fields = shape.fields(tree, key, "role", "users", "groups", "when", "expiresAt");
    return new Binding(
        shape.text(fields, key, "role"),
        shape.texts(fields, key, "users"),
        shape.texts(fields, key, "groups"),
        condition(fields, key),
        instant(shape.text(fields, key, "expiresAt"), key + ".expiresAt"));
  }

  private @Nullable Instant instant(String text, String key) {
    if (text.isEmpty()) {
      return null;
    }
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      mistakes.addValue(key, text, "a moment as in RFC 3339, such as 2027-01-31T18:00:00Z");
      return null;
    }
  }

  static Map<String, Object> write(List<Role> roles, List<Binding> bindings) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("roles", roles.stream().map(RolesTree::write).toList());
    tree.put("bindings", bindings.stream().map(RolesTree::write).toList());
    return tree;
  }

  private static Map<String, Object> write(Role role) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("name", role.name());
    tree.put("rules", role.rules().stream().map(RolesTree::write).toList());
    return tree;
  }

  static Map<String, Object> write(Rule rule) {
    Map<String, Object> tree = new LinkedHashMap<>();
    if (rule.denies()) {
      tree.put("effect", "deny");
    }
    put(tree, "clusters", rule.clusters());
    put(tree, "clusterSelector", rule.clusterSelector());
    put(tree, "namespaces", rule.namespaces());
    put(tree, "apiGroups", rule.apiGroups());
    put(tree, "resources", rule.resources());
    put(tree, "resourceNames", rule.resourceNames());
    put(tree, "nonResourceURLs", rule.nonResourceUrls());
    put(tree, "verbs", rule.verbs());
    put(tree, rule.when());
    return tree;
  }

  private static Map<String, Object> write(Binding binding) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("role", binding.role());
    put(tree, "users", binding.users());
    put(tree, "groups", binding.groups());
    put(tree, binding.when());
    Instant expiresAt = binding.expiresAt();
    if (expiresAt != null) {
      tree.put("expiresAt", expiresAt.toString());
    }
    return tree;
  }

  private static void put(Map<String, Object> tree, Condition when) {
    if (!when.equals(Condition.NONE)) {
      Map<String, Object> fields = new LinkedHashMap<>();
      put(fields, "networks", when.networks());
      put(fields, "hours", when.hours());
      put(fields, "timeZone", when.timeZone());
      tree.put("when", fields);
    }
  }

  private static void put(Map<String, Object> tree, String key, List<String> values) {
    if (!values.isEmpty()) {
      tree.put(key, values);
    }
  }

  private static void put(Map<String, Object> tree, String key, String value) {
    if (!value.isEmpty()) {
      tree.put(key, value);
    }
  }
}
