package dev.fairlead.api.auth;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.Identity;
import dev.fairlead.api.RequestInfo;
import java.util.Objects;

/**
 * Who wants to do what, where.
 *
 * @param identity who
 * @param cluster where
 * @param info what; for {@code exec}, {@code attach} and {@code portforward} the verb is {@code
 *     create}, whatever the method
 */
public record AccessRequest(Identity identity, ClusterName cluster, RequestInfo info) {

  /**
   * Checks the parts.
   *
   * @param identity who
   * @param cluster where
   * @param info what; for {@code exec}, {@code attach} and {@code portforward} the verb is {@code
   *     create}, whatever the method
   */
  public AccessRequest {
    Objects.requireNonNull(identity, "identity");
    Objects.requireNonNull(cluster, "cluster");
    Objects.requireNonNull(info, "info");
  }
}
