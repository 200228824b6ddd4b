package dev.fairlead.core.kubeconfig;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.InvalidException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What one user has of one hub.
 *
 * @param hub the hub's host and perhaps port, as in URLs; the entries of one hub bear its name, by
 *     which they are found again
 * @param servers the address of each cluster they may use, such as {@code
 *     https://hub.example.com/clusters/dev} or {@code https://dev.hub.example.com}
 * @param caPem whom the hub's certificate is trusted by, in PEM; null for the system's authorities
 * @param user how they prove who they are
 */
public record HubAccess(
    String hub, Map<ClusterName, URI> servers, @Nullable String caPem, KubeconfigUser user) {

  /**
   * Checks and copies the parts.
   *
   * @param hub the hub's host and perhaps port, as in URLs
   * @param servers the address of each cluster they may use
   * @param caPem whom the hub's certificate is trusted by, in PEM; null for the system's
   *     authorities
   * @param user how they prove who they are
   * @throws InvalidException with every mistake
   */
  public HubAccess {
    Objects.requireNonNull(user, "user");
    servers = Collections.unmodifiableMap(new TreeMap<>(servers));
    List<String> mistakes = new ArrayList<>();
    if (!hub.matches("[A-Za-z0-9.:\\[\\]-]{1,300}")) {
      mistakes.add("hub: not a host with or without a port (expected: hub.example.com[:8443])");
    }
    servers.forEach(
        (name, server) -> {
          if (!"https".equals(server.getScheme()) || server.getHost() == null) {
            mistakes.add(name + ": " + server + " (expected: an https URL)");
          }
        });
    if (caPem != null && !caPem.startsWith("-----BEGIN CERTIFICATE-----")) {
      mistakes.add("caPem: no PEM (expected: it begins with -----BEGIN CERTIFICATE-----)");
    }
    if (!mistakes.isEmpty()) {
      throw new InvalidException(String.join("\n", mistakes));
    }
  }

  /** The name of the user's entry, and how those of the clusters begin. */
  String entry() {
    return "fairlead:" + hub;
  }

  /** The name of a cluster's entry. */
  String entry(ClusterName cluster) {
    return entry() + "/" + cluster;
  }
}
