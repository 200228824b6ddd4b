package dev.fairlead.core.request;

import static dev.fairlead.core.request.RefusedRequestException.badRequest;
import static dev.fairlead.core.request.RefusedRequestException.notFound;
import static dev.fairlead.core.request.RefusedRequestException.shown;

import dev.fairlead.api.ClusterName;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the cluster a request is for: {@code /clusters/{name}/…}, or the host {@code
 * {name}.{suffix}} for tools that drop a server's path prefix. Names are compared as they stand:
 * nothing is decoded, folded or trimmed, so each cluster has one spelling. Immutable.
 */
public final class ClusterAddressing {

  private static final String PREFIX = "/clusters/";

  private final @Nullable String dottedSuffix;

  private ClusterAddressing(@Nullable String dottedSuffix) {
    this.dottedSuffix = dottedSuffix;
  }

  /**
   * Addressing by path alone; the host is not looked at.
   *
   * @return the addressing
   */
  public static ClusterAddressing byPath() {
    return new ClusterAddressing(null);
  }

  /**
   * Addressing by path and by host.
   *
   * @param hostSuffix the hub's own host name, such as {@code hub.example.com}: lower-case labels
   *     with dots between them
   * @return the addressing
   * @throws IllegalArgumentException if the suffix is no such name
   */
  public static ClusterAddressing byPathAndHost(String hostSuffix) {
    for (String label : hostSuffix.split("\\.", -1)) {
      if (!ClusterName.isValid(label)) {
        throw new IllegalArgumentException(
            "hostSuffix: "
                + shown(hostSuffix)
                + " (expected: lower-case DNS labels with dots between them)");
      }
    }
    return new ClusterAddressing('.' + hostSuffix);
  }

  /**
   * The host that leads to a cluster.
   *
   * @param name the cluster's name
   * @return {@code {name}.{suffix}}, or nothing if clusters are addressed by path alone
   */
  public Optional<String> hostOf(ClusterName name) {
    return Optional.ofNullable(dottedSuffix).map(suffix -> name + suffix);
  }

  /**
   * Finds the cluster. A host and a path that name the same cluster are fine; the path's part is
   * then taken off all the same.
   *
   * @param host the {@code Host} header or {@code :authority}, with or without a port, or null
   * @param target the request's target
   * @return the cluster's name and the target as the cluster is to see it, or nothing if the
   *     request is for the hub itself
   * @throws RefusedRequestException with code 404 if the name is not a lower-case DNS label, with
   *     code 400 if host and path name different clusters or the host's port or end is malformed
   */
  public Optional<ClusterRequest> resolve(@Nullable String host, RequestTarget target) {
    Optional<ClusterName> byHost = host == null ? Optional.empty() : nameOfHost(host);
    Optional<ClusterName> byPath = nameOfPath(target);
    if (byPath.isPresent()) {
      ClusterName name = byPath.get();
      if (byHost.isPresent() && !byHost.get().equals(name)) {
        throw badRequest(
            "cluster: " + name + " in the path (expected: " + byHost.get() + " as in the host)");
      }
      return Optional.of(
          new ClusterRequest(
              name, target.dropSegments(2, PREFIX.length() + name.value().length())));
    }
    return byHost.map(name -> new ClusterRequest(name, target));
  }

  private static Optional<ClusterName> nameOfPath(RequestTarget target) {
    String path = target.rawPath();
    if (!path.startsWith(PREFIX) || path.length() == PREFIX.length()) {
      return Optional.empty();
    }
    int end = path.indexOf('/', PREFIX.length());
    return Optional.of(requireName(path.substring(PREFIX.length(), end < 0 ? path.length() : end)));
  }

  private Optional<ClusterName> nameOfHost(String host) {
    if (dottedSuffix == null) {
      return Optional.empty();
    }
    int colon = host.indexOf(':');
    String bare = colon < 0 ? host : host.substring(0, colon);
    boolean rooted = bare.endsWith(".");
    String end = (rooted ? bare.substring(0, bare.length() - 1) : bare).toLowerCase(Locale.ROOT);
    if (!end.endsWith(dottedSuffix)) {
      return Optional.empty();
    }
    if (rooted || colon >= 0 && !host.substring(colon + 1).matches("[0-9]{1,5}")) {
      throw badRequest("host: " + shown(host) + " (expected: {name}" + dottedSuffix + "[:port])");
    }
    return Optional.of(requireName(bare.substring(0, bare.length() - dottedSuffix.length())));
  }

  private static ClusterName requireName(String name) {
    if (!ClusterName.isValid(name)) {
      throw notFound(
          "cluster: "
              + shown(name)
              + " (expected: a name of 1-63 of a-z, 0-9 and -, with a letter or digit at both ends)");
    }
    return ClusterName.of(name);
  }
}
