package dev.fairlead.api.auth;

import java.util.concurrent.CompletionStage;

/**
 * Tells whether somebody may do something. Called for each exchange, by many threads at once; must
 * not block.
 *
 * <p>A stage that completes exceptionally, or a call that throws, refuses the request. The
 * cluster's own RBAC is asked after this, by the cluster.
 */
@FunctionalInterface
public interface Authorizer {

  /**
   * Decides one request.
   *
   * @param request who wants to do what, where
   * @return a stage with the decision
   */
  CompletionStage<Decision> authorize(AccessRequest request);
}
