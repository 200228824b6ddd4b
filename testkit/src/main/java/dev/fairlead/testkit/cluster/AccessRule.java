package dev.fairlead.testkit.cluster;

/**
 * The demo cluster's RBAC: decides about every resource request of users outside {@code
 * system:masters}, who may do everything. Called from several threads at once; must not block.
 */
@FunctionalInterface
public interface AccessRule {

  /**
   * Decides about one request.
   *
   * @param request what somebody wants to do
   * @return whether it is allowed
   */
  boolean allows(AccessRequest request);

  /**
   * The rule of a cluster that was told nothing else: any authenticated user may do everything but
   * impersonate others and touch secrets of {@code kube-system}, listing the secrets of all
   * namespaces included.
   *
   * @return the rule
   */
  static AccessRule ordinary() {
    return request -> {
      boolean guarded =
          request.resource().equals("secrets")
              && (request.namespace().equals("kube-system") || request.namespace().isEmpty());
      return request.groups().contains("system:authenticated")
          && !request.verb().equals("impersonate")
          && !guarded;
    };
  }
}
