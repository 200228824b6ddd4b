package dev.fairlead.gateway;

import dev.fairlead.core.request.ClusterRequest;
import dev.fairlead.core.request.RefusedRequestException;
import dev.fairlead.core.request.RequestTarget;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which cluster a request is for. */
@FunctionalInterface
interface Addressing {

  /**
   * Finds the cluster.
   *
   * @param host the {@code Host} field or {@code :authority}, or null
   * @param target the request's target
   * @return the cluster and the target as it is to see it, or nothing for the hub itself
   * @throws RefusedRequestException if the request must not go on
   */
  Optional<ClusterRequest> resolve(@Nullable String host, RequestTarget target);
}
