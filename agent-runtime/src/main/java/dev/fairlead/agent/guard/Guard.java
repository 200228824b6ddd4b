package dev.fairlead.agent.guard;

import dev.fairlead.api.Identity;
import dev.fairlead.api.InvalidException;
import dev.fairlead.core.authorization.Roles;
import dev.fairlead.core.request.KubernetesRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an agent refuses by itself, so that a hub that was taken over does not own the cluster.
 * Always refused are users and groups of Kubernetes itself, those that begin with {@code system:},
 * save the group {@code system:authenticated}; more can be denied:
 *
 * <pre>{@code
 * Guard.deny("exec").in("kube-system").andDeny("secrets")
 * }</pre>
 *
 * <p>A denial names one of
 *
 * <ul>
 *   <li>a verb, such as {@code delete};
 *   <li>a resource with all its subresources, such as {@code secrets};
 *   <li>a subresource of any resource, such as {@code exec}, also by the words {@code logs} and
 *       {@code port-forward};
 *   <li>a resource's subresource, such as {@code pods/log};
 *   <li>a path that is no resource, such as {@code /metrics}, or all below it: {@code /debug/*};
 *   <li>{@code *}, which is everything.
 * </ul>
 *
 * <p>What words cannot say, {@link #andAllowOnly} says in the hub's own language of rules. For whom
 * the agent acts can be narrowed to certain users, groups and keys of extra; {@link #clusterRole}
 * then gives it no right to impersonate anybody else.
 *
 * <p>{@code nodes/proxy} runs commands in any pod of the node; a denial of {@code exec} does not
 * cover it. Immutable.
 */
public final class Guard {

  private static final Pattern OBJECT_NAME =
      Pattern.compile("[a-z0-9]([-a-z0-9.:]{0,251}[a-z0-9])?");
  private static final Guard STANDARD = new Guard(List.of(), null, ActsFor.ALL);

  private record CheckedDenial(Denial denial, RuleGate gate) {
    static CheckedDenial of(Denial denial) {
      return new CheckedDenial(denial, RuleGate.denying(denial.rules()));
    }
  }

  private final List<CheckedDenial> denials;
  private final @Nullable RuleGate allowed;
  private final ActsFor actsFor;

  private Guard(List<CheckedDenial> denials, @Nullable RuleGate allowed, ActsFor actsFor) {
    this.denials = List.copyOf(denials);
    this.allowed = allowed;
    this.actsFor = actsFor;
  }

  /**
   * Refuses Kubernetes' own users and groups, and nothing else.
   *
   * @return the guard an agent has unless it is given another
   */
  public static Guard standard() {
    return STANDARD;
  }

  /**
   * Refuses one thing in addition, in all namespaces unless {@link #in} follows.
   *
   * @param what a verb, resource, subresource, resource/subresource, path or {@code *}
   * @return a guard
   * @throws InvalidException if {@code what} is none of these
   */
  public static Guard deny(String what) {
    return STANDARD.andDeny(what);
  }

  /**
   * The same guard with one more denial, in all namespaces unless {@link #in} follows.
   *
   * @param what a verb, resource, subresource, resource/subresource, path or {@code *}
   * @return a new guard
   * @throws InvalidException if {@code what} is none of these
   */
  public Guard andDeny(String what) {
    List<CheckedDenial> more = new ArrayList<>(denials);
    more.add(CheckedDenial.of(Denial.of(what)));
    return new Guard(more, allowed, actsFor);
  }

  /**
   * The same guard with its last denial confined to some namespaces. A list, watch or deletion over
   * all namespaces touches each of them, and stays denied.
   *
   * @param namespaces one or more
   * @return a new guard
   * @throws InvalidException if nothing was denied yet, or a path was, or there is no namespace, or
   *     one is none
   */
  public Guard in(String... namespaces) {
    if (denials.isEmpty()) {
      throw new InvalidException("guard: in() without a denial (expected: deny(…).in(…))");
    }
    Set<String> names = Set.copyOf(List.of(namespaces));
    if (names.isEmpty() || names.stream().anyMatch(String::isBlank)) {
      throw new InvalidException("guard: no namespace or a blank one (expected: 1 or more names)");
    }
    List<CheckedDenial> changed = new ArrayList<>(denials);
    CheckedDenial last = changed.remove(changed.size() - 1);
    changed.add(CheckedDenial.of(last.denial().in(names)));
    return new Guard(changed, allowed, actsFor);
  }

  /**
   * The same guard, which besides refuses whatever these roles do not allow. They are asked after
   * the denials, without the caller's address, which an agent does not know.
   *
   * @param roles rules about all clusters, bound to users and groups, or by the group {@code
   *     system:authenticated} to everybody
   * @return a new guard
   * @throws InvalidException if a rule is about certain clusters
   */
  public Guard andAllowOnly(Roles roles) {
    return new Guard(denials, RuleGate.allowing(roles), actsFor);
  }

  /**
   * The same guard, which acts for no other users.
   *
   * @param users exact names
   * @return a new guard
   */
  public Guard onlyUsers(String... users) {
    return new Guard(denials, allowed, actsFor.withUsers(Set.of(users)));
  }

  /**
   * The same guard, which acts for nobody who is in another group; {@code system:authenticated} is
   * always let through.
   *
   * @param groups exact names; none for users without groups only
   * @return a new guard
   */
  public Guard onlyGroups(String... groups) {
    return new Guard(denials, allowed, actsFor.withGroups(Set.of(groups)));
  }

  /**
   * The same guard, which acts for nobody of whom other extra facts are told.
   *
   * @param keys keys in lower case; none for users without extra only
   * @return a new guard
   */
  public Guard onlyExtra(String... keys) {
    return new Guard(denials, allowed, actsFor.withExtraKeys(Set.of(keys)));
  }

  /**
   * The rights the agent needs in its cluster to act for those it acts for, and no others: a {@code
   * ClusterRole} that lets it impersonate them. It needs no rights of its own beside these.
   *
   * @param name the role's name
   * @return YAML for {@code kubectl apply}, to be bound to the agent's service account
   * @throws InvalidException if the name is none that Kubernetes takes, or the guard names no
   *     groups: RBAC can allow certain groups or all of them, {@code system:masters} included
   * @see #clusterRoleForAnyGroup
   */
  public String clusterRole(String name) {
    if (!actsFor.namesGroups()) {
      throw new InvalidException(
          "guard: it names no groups, and a ClusterRole for all groups would include"
              + " system:masters (expected: a guard with onlyGroups)");
    }
    return clusterRoleForAnyGroup(name);
  }

  /**
   * The same also for a guard that names no groups. Then the role has the right to impersonate any
   * group, {@code system:masters} included, and nothing but the guard keeps the agent from it:
   * whoever has the agent's service account is as good as an administrator of the cluster.
   *
   * @param name the role's name
   * @return YAML for {@code kubectl apply}
   * @throws InvalidException if the name is none that Kubernetes takes
   */
  public String clusterRoleForAnyGroup(String name) {
    if (!OBJECT_NAME.matcher(name).matches()) {
      throw new InvalidException(
          "guard: the name of a ClusterRole (expected: lower-case letters, digits, -, . and :)");
    }
    return actsFor.clusterRole(name);
  }

  /**
   * Asks whether a request is refused.
   *
   * @param identity who it would run as
   * @param request what it asks for
   * @param at when
   * @return why it is refused, a sentence for the user; empty if it is not
   */
  public Optional<String> refusal(Identity identity, KubernetesRequest request, Instant at) {
    Optional<String> nobody = actsFor.refusal(identity);
    if (nobody.isPresent()) {
      return nobody;
    }
    for (CheckedDenial one : denials) {
      if (!one.gate().lets(identity, request, at)) {
        return Optional.of(
            "the agent of this cluster is configured to refuse " + one.denial().describe());
      }
    }
    return allowed == null || allowed.lets(identity, request, at)
        ? Optional.empty()
        : Optional.of("the agent of this cluster is configured not to allow this");
  }

  @Override
  public String toString() {
    return "Guard"
        + denials.stream().map(one -> one.denial().describe()).toList()
        + (allowed == null ? "" : " and roles");
  }
}
