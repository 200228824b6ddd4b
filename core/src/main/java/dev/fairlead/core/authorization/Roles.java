package dev.fairlead.core.authorization;

import dev.fairlead.api.auth.AccessRequest;
import dev.fairlead.api.auth.Authorizer;
import dev.fairlead.api.auth.Decision;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * Roles bound to users and groups. A request is allowed if a rule of a bound role allows it and no
 * rule of a bound role denies it. Nothing but rules that name the verb {@code impersonate} allow
 * that.
 *
 * <p>On a cluster where some rule allows them anything, users may besides do what Kubernetes lets
 * every authenticated user do: {@code get} discovery, OpenAPI, version and health, and create
 * {@code selfsubjectaccessreviews}, {@code selfsubjectrulesreviews} and {@code selfsubjectreviews},
 * unless a rule denies it. Such a decision names the role {@code fairlead:default}.
 *
 * <p>Answers are never filtered: a list over a namespace is allowed as a whole or refused as a
 * whole, as in Kubernetes.
 *
 * <p>Immutable and safe for use by any thread. A decision takes no lock and its stage is already
 * complete; what it allocates does not grow with the number of rules.
 */
public final class Roles implements Authorizer {

  private final List<Role> roles;
  private final List<Binding> bindings;
  private final CompiledRoles compiled;

  private Roles(List<Role> roles, List<Binding> bindings) {
    this.roles = List.copyOf(roles);
    this.bindings = List.copyOf(bindings);
    this.compiled = new CompiledRoles(this.roles, this.bindings);
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
    return parse(YamlFile.read(file), file.toString());
  }

  /**
   * Reads roles from YAML.
   *
   * <pre>{@code
   * roles:
   *   - name: developer
   *     rules:
   *       - clusterSelector: tier in (dev, test)
   *         namespaces: ["*"]
   *         apiGroups: ["", apps]
   *         resources: [pods, deployments]
   *         verbs: [get, list, watch, logs, exec]
   *         when: {networks: [10.0.0.0/8], hours: [mon-fri 07:00-20:00], timeZone: Europe/Berlin}
   *       - effect: deny
   *         clusters: ["*"]
   *         namespaces: [kube-system]
   *         apiGroups: ["*"]
   *         resources: ["*"]
   *         verbs: ["*"]
   * bindings:
   *   - role: developer
   *     users: [jane]
   *     groups: [payments]
   *     expiresAt: 2027-01-31T18:00:00Z
   * }</pre>
   *
   * <p>A rule may also have {@code clusters}, {@code resourceNames}, or {@code nonResourceURLs} in
   * place of namespaces, apiGroups and resources, see {@link Rule}; a binding may have {@code
   * when}, too, see {@link Binding}. At most 1 MiB.
   *
   * @param yaml the text
   * @param sourceName what to call it in messages, such as the file's name
   * @return the roles
   * @throws dev.fairlead.api.InvalidException with every mistake in the text, each with its line,
   *     column and key, what was found and what was expected
   */
  public static Roles parse(String yaml, String sourceName) {
    YamlFile.requireBounded(yaml.length(), sourceName);
    Mistakes mistakes = new Mistakes(sourceName);
    Object tree = new YamlTree(mistakes).read(YamlText.compose(yaml, sourceName));
    return new RolesTree(mistakes).read(tree);
  }

  /**
   * Reads roles from maps, lists and text in the form of {@link #parse}, as they come out of JSON.
   *
   * @param tree a map with {@code roles} and {@code bindings}
   * @param sourceName what to call it in messages
   * @return the roles
   * @throws dev.fairlead.api.InvalidException with every mistake, each with its key, what was found
   *     and what was expected
   */
  public static Roles of(Map<String, ?> tree, String sourceName) {
    return new RolesTree(new Mistakes(sourceName)).read(tree);
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
   * The roles and bindings in the form that {@link #of} reads.
   *
   * @return maps, lists and text, unmodifiable or of the caller's own
   */
  public Map<String, Object> toMap() {
    return RolesTree.write(roles, bindings);
  }

  /**
   * Decides at once, without blocking. The verb is taken as it is given: for {@code exec} and the
   * like the caller gives {@code create}.
   *
   * @param request who wants to do what, where
   * @return a stage that is already complete, with the role and rule that decided, and for a
   *     refusal with a message in the words of Kubernetes
   */
  @Override
  public CompletionStage<Decision> authorize(AccessRequest request) {
    return compiled.decide(request);
  }

  /**
   * Tells how {@link #authorize} decides and why. Slow beside it, and not for those who ask: it
   * shows what others may do.
   *
   * @param request who wants to do what, where
   * @return the decision, with the rules that come nearest to covering the request
   */
  public Explanation explain(AccessRequest request) {
    Decision decision = compiled.decide(request).toCompletableFuture().join();
    return new Explainer(roles, bindings).explain(request, decision);
  }

  /**
   * Looks for rules and bindings that have no effect, or another one than it seems.
   *
   * @param at the moment at which bindings may have expired
   * @return what was found, roles first; perhaps nothing
   */
  public List<Finding> lint(Instant at) {
    return new RolesLint().examine(roles, bindings, at);
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
     * Adds a binding.
     *
     * @param binding to whom a role is given, and how long
     * @return this
     */
    public Builder bind(Binding binding) {
      bindings.add(binding);
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
