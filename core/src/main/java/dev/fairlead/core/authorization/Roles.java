package dev.fairlead.core.authorization;

import dev.fairlead.api.Identity;
import dev.fairlead.api.RequestInfo;
import dev.fairlead.api.auth.AccessRequest;
import dev.fairlead.api.auth.Authorizer;
import dev.fairlead.api.auth.Decision;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Roles bound to users and groups. Denies whatever no rule of a bound role allows; the verb {@code
 * impersonate} is never allowed.
 *
 * <p>On a cluster that at least one rule of theirs is about, users may besides do what Kubernetes
 * lets every authenticated user do: {@code get} discovery, OpenAPI, version and health, and create
 * {@code selfsubjectaccessreviews}, {@code selfsubjectrulesreviews} and {@code selfsubjectreviews}.
 * Such a decision names the role {@code fairlead:default}.
 *
 * <p>Immutable and safe for use by any thread. A decision takes no lock and its stage is already
 * complete; what is allowed allocates nothing.
 */
public final class Roles implements Authorizer {

  private final List<Role> roles;
  private final List<Binding> bindings;
  private final Map<String, CompiledRule[]> byUser;
  private final Map<String, CompiledRule[]> byGroup;
  private final DefaultRules defaults = new DefaultRules();

  private Roles(List<Role> roles, List<Binding> bindings) {
    this.roles = List.copyOf(roles);
    this.bindings = List.copyOf(bindings);
    Map<String, List<CompiledRule>> compiled = new HashMap<>();
    for (Role role : roles) {
      compiled.put(role.name(), compiled(role));
    }
    Map<String, List<CompiledRule>> users = new LinkedHashMap<>();
    Map<String, List<CompiledRule>> groups = new LinkedHashMap<>();
    for (Binding binding : bindings) {
      List<CompiledRule> rules = compiled.getOrDefault(binding.role(), List.of());
      binding.users().forEach(user -> add(users, user, rules));
      binding.groups().forEach(group -> add(groups, group, rules));
    }
    byUser = arrays(users);
    byGroup = arrays(groups);
  }

  private static List<CompiledRule> compiled(Role role) {
    List<CompiledRule> rules = new ArrayList<>();
    for (int i = 0; i < role.rules().size(); i++) {
      rules.add(new CompiledRule(role.rules().get(i), role.name(), "rules[" + i + "]"));
    }
    return rules;
  }

  private static void add(
      Map<String, List<CompiledRule>> map, String subject, List<CompiledRule> rules) {
    map.computeIfAbsent(subject, unused -> new ArrayList<>()).addAll(rules);
  }

  private static Map<String, CompiledRule[]> arrays(Map<String, List<CompiledRule>> map) {
    Map<String, CompiledRule[]> arrays = new HashMap<>();
    map.forEach((subject, rules) -> arrays.put(subject, rules.toArray(CompiledRule[]::new)));
    return Map.copyOf(arrays);
  }

  /**
   * Starts a set of roles in code.
   *
   * @return a builder without roles
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Reads roles from a YAML file. Blocks.
   *
   * @param file a file in the form of {@link #parse}
   * @return the roles
   * @throws dev.fairlead.api.InvalidException if the file cannot be read, or with all its mistakes
   */
  public static Roles load(Path file) {
    return RolesFile.load(file);
  }

  /**
   * Reads roles from YAML.
   *
   * <pre>{@code
   * roles:
   *   - name: developer
   *     rules:
   *       - clusters: [dev, "staging-*"]
   *         namespaces: ["*"]
   *         apiGroups: ["", apps]
   *         resources: [pods, pods/log, deployments]
   *         verbs: [get, list, watch]
   * bindings:
   *   - role: developer
   *     users: [jane]
   *     groups: [payments]
   * }</pre>
   *
   * <p>A rule may also have {@code resourceNames}, or {@code nonResourceURLs} in place of
   * namespaces, apiGroups and resources; see {@link Rule}. At most 1 MiB.
   *
   * @param yaml the text
   * @param sourceName what to call it in messages, such as the file's name
   * @return the roles
   * @throws dev.fairlead.api.InvalidException with every mistake in the text, each with its line,
   *     column and key, what was found and what was expected
   */
  public static Roles parse(String yaml, String sourceName) {
    return RolesFile.parse(yaml, sourceName);
  }

  static Roles checked(List<Role> roles, List<Binding> bindings, Mistakes mistakes) {
    new RolesCheck(mistakes).check(roles, bindings);
    mistakes.throwIfAny();
    return new Roles(roles, bindings);
  }

  /**
   * The roles, in the order they were given.
   *
   * @return an unmodifiable list
   */
  public List<Role> roles() {
    return roles;
  }

  /**
   * The bindings, in the order they were given.
   *
   * @return an unmodifiable list
   */
  public List<Binding> bindings() {
    return bindings;
  }

  /**
   * Decides at once, without blocking. The verb is taken as it is given: for {@code exec} and the
   * like the caller gives {@code create}.
   *
   * @param request who wants to do what, where
   * @return a stage that is already complete, with the role and rule that allow the request, or
   *     with a message in the words of Kubernetes
   */
  @Override
  public CompletionStage<Decision> authorize(AccessRequest request) {
    Identity identity = request.identity();
    RequestInfo info = request.info();
    String cluster = request.cluster().value();
    if (info.verb().equals("impersonate")) {
      return denied(request);
    }
    boolean known = false;
    for (int i = -1; i < identity.groups().size(); i++) {
      CompiledRule[] rules =
          i < 0 ? byUser.get(identity.username()) : byGroup.get(identity.groups().get(i));
      if (rules == null) {
        continue;
      }
      for (CompiledRule rule : rules) {
        if (rule.allows(cluster, info)) {
          return rule.allowed();
        }
        known = known || rule.isAbout(cluster);
      }
    }
    CompletionStage<Decision> byDefault = known ? defaults.decide(cluster, info) : null;
    return byDefault == null ? denied(request) : byDefault;
  }

  private static CompletionStage<Decision> denied(AccessRequest request) {
    return CompletableFuture.completedStage(new Decision.Denied(Refusal.of(request)));
  }

  /** The numbers of roles and bindings. */
  @Override
  public String toString() {
    return "Roles[" + roles.size() + " roles, " + bindings.size() + " bindings]";
  }

  /** Builds {@link Roles} in code. Not safe for use by several threads. */
  public static final class Builder {

    private final List<Role> roles = new ArrayList<>();
    private final List<Binding> bindings = new ArrayList<>();

    private Builder() {}

    /**
     * Adds a role.
     *
     * @param name its name
     * @param rules what it allows
     * @return this
     */
    public Builder role(String name, Rule... rules) {
      roles.add(new Role(name, List.of(rules)));
      return this;
    }

    /**
     * Gives a role to users.
     *
     * @param role the role's name; the role may be added later
     * @param users usernames
     * @return this
     */
    public Builder bindUsers(String role, String... users) {
      bindings.add(new Binding(role, List.of(users), List.of()));
      return this;
    }

    /**
     * Gives a role to groups.
     *
     * @param role the role's name; the role may be added later
     * @param groups group names
     * @return this
     */
    public Builder bindGroups(String role, String... groups) {
      bindings.add(new Binding(role, List.of(), List.of(groups)));
      return this;
    }

    /**
     * Checks everything and builds the roles. Without a binding they deny everything.
     *
     * @return the roles
     * @throws dev.fairlead.api.InvalidException with every mistake, each with its key
     */
    public Roles build() {
      return checked(roles, bindings, new Mistakes("roles"));
    }
  }
}
