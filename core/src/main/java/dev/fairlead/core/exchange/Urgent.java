package dev.fairlead.core.exchange;

import dev.fairlead.api.RequestInfo;
import java.util.List;

/**
 * What has to pass when all else is shed: whether a cluster lives, and the leases by which its
 * controllers keep their places.
 */
final class Urgent {

  private static final List<String> PROBES = List.of("/healthz", "/livez", "/readyz", "/version");

  private Urgent() {}

  static boolean is(RequestInfo info) {
    if (info.isResourceRequest()) {
      return info.apiGroup().equals("coordination.k8s.io")
          && info.resource().equals("leases")
          && info.subresource().isEmpty()
          && !info.verb().equals("watch");
    }
    return PROBES.stream()
        .anyMatch(probe -> info.path().equals(probe) || info.path().startsWith(probe + "/"));
  }
}
