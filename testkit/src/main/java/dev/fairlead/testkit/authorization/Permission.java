package dev.fairlead.testkit.authorization;

import java.util.Objects;

/**
 * One thing that somebody may do, which an authoriser under test is to be made to allow.
 *
 * @param user the user's exact name; empty if it is given to a group
 * @param group the group's exact name; empty if it is given to a user
 * @param cluster the cluster's exact name
 * @param namespace the namespace
 * @param apiGroup the API group; empty for the core group
 * @param resource the resource, such as {@code pods}, or {@code pods/log}
 * @param verb Kubernetes' verb
 */
public record Permission(
    String user,
    String group,
    String cluster,
    String namespace,
    String apiGroup,
    String resource,
    String verb) {
  /**
   * Checks the parts.
   *
   * @param user the user's exact name, or empty
   * @param group the group's exact name, or empty
   * @param cluster the cluster's exact name
   * @param namespace the namespace
   * @param apiGroup the API group
   * @param resource the resource, perhaps with its subresource
   * @param verb Kubernetes' verb
   */
  public Permission {
    Objects.requireNonNull(user, "user");
    Objects.requireNonNull(group, "group");
    Objects.requireNonNull(cluster, "cluster");
    Objects.requireNonNull(namespace, "namespace");
    Objects.requireNonNull(apiGroup, "apiGroup");
    Objects.requireNonNull(resource, "resource");
    Objects.requireNonNull(verb, "verb");
  }
}
