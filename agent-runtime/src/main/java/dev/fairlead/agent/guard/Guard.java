package dev.fairlead.agent.guard;

import dev.fairlead.api.Identity;
import dev.fairlead.api.InvalidException;
import dev.fairlead.core.request.KubernetesRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

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
 *   <li>a subresource of any resource, such as {@code exec};
 *   <li>a resource's subresource, such as {@code pods/log};
 *   <li>a path that is no resource, such as {@code /metrics}, or all below it: {@code /debug/*};
 *   <li>{@code *}, which is everything.
 * </ul>
 *
 * <p>{@code nodes/proxy} runs commands in any pod of the node; a denial of {@code exec} does not
 * cover it. Immutable.
 */
public final class Guard {

  private static final String SYSTEM = "system:";
  private static final String AUTHENTICATED = "system:authenticated";
  private static final Guard STANDARD = new Guard(List.of());

  private final List<Denial> denials;

  private Guard(List<Denial> denials) {
    this.denials = List.copyOf(denials);
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
    List<Denial> more = new ArrayList<>(denials);
    more.add(Denial.of(what));
    return new Guard(more);
  }

  /**
   * The same guard with its last denial confined to some namespaces. A list, watch or deletion over
   * all namespaces touches each of them, and stays denied.
   *
   * @param namespaces one or more
   * @return a new guard
   * @throws InvalidException if nothing was denied yet, or there is no namespace, or one is blank
   */
  public Guard in(String... namespaces) {
    if (denials.isEmpty()) {
      throw new InvalidException("guard: in() without a denial (expected: deny(…).in(…))");
    }
    Set<String> names = Set.copyOf(List.of(namespaces));
    if (names.isEmpty() || names.stream().anyMatch(String::isBlank)) {
      throw new InvalidException("guard: no namespace or a blank one (expected: 1 or more names)");
    }
    List<Denial> changed = new ArrayList<>(denials);
    changed.add(changed.remove(changed.size() - 1).in(names));
    return new Guard(changed);
  }

  /**
   * Asks whether a request is refused.
   *
   * @param identity who it would run as
   * @param request what it asks for
   * @return why it is refused, a sentence for the user; empty if it is not
   */
  public Optional<String> refusal(Identity identity, KubernetesRequest request) {
    if (identity.username().startsWith(SYSTEM)) {
      return Optional.of(
          "the agent of this cluster never acts for users whose names begin with \"system:\"");
    }
    for (String group : identity.groups()) {
      if (group.startsWith(SYSTEM) && !group.equals(AUTHENTICATED)) {
        return Optional.of(
            "the agent of this cluster never acts for groups whose names begin with \"system:\""
                + " other than system:authenticated");
      }
    }
    return denials.stream()
        .filter(denial -> denial.covers(request))
        .findFirst()
        .map(denial -> "the agent of this cluster is configured to refuse " + denial.describe());
  }

  @Override
  public String toString() {
    return "Guard" + denials.stream().map(Denial::describe).toList();
  }
}
