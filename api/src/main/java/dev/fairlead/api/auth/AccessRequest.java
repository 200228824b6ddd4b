package dev.fairlead.api.auth;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.Identity;
import dev.fairlead.api.RequestInfo;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;

/**
 * Who wants to do what, where, from where and when: all that a decision may depend on.
 *
 * @param identity who
 * @param cluster where
 * @param clusterLabels that cluster's labels at the moment of the request
 * @param info what; for {@code exec}, {@code attach} and {@code portforward} the verb is {@code
 *     create}, whatever the method
 * @param sourceIp the caller's IPv4 or IPv6 address without a port; empty for a call within the
 *     process
 * @param at when
 */
public record AccessRequest(
    Identity identity,
    ClusterName cluster,
    Map<String, String> clusterLabels,
    RequestInfo info,
    String sourceIp,
    Instant at) {

  /**
   * Checks and copies the parts.
   *
   * @param identity who
   * @param cluster where
   * @param clusterLabels that cluster's labels at the moment of the request
   * @param info what; for {@code exec}, {@code attach} and {@code portforward} the verb is {@code
   *     create}, whatever the method
   * @param sourceIp the caller's IPv4 or IPv6 address without a port; empty for a call within the
   *     process
   * @param at when
   */
  public AccessRequest {
    Objects.requireNonNull(identity, "identity");
    Objects.requireNonNull(cluster, "cluster");
    clusterLabels = Map.copyOf(clusterLabels);
    Objects.requireNonNull(info, "info");
    Objects.requireNonNull(sourceIp, "sourceIp");
    Objects.requireNonNull(at, "at");
  }

  /**
   * A call within the process to a cluster without labels.
   *
   * @param identity who
   * @param cluster where
   * @param info what
   * @param at when
   * @return the request
   */
  public static AccessRequest of(
      Identity identity, ClusterName cluster, RequestInfo info, Instant at) {
    return new AccessRequest(identity, cluster, Map.of(), info, "", at);
  }

  /**
   * The same by somebody else.
   *
   * @param other who
   * @return a new request
   */
  public AccessRequest by(Identity other) {
    return new AccessRequest(other, cluster, clusterLabels, info, sourceIp, at);
  }

  /**
   * The same for something else.
   *
   * @param other what
   * @return a new request
   */
  public AccessRequest withInfo(RequestInfo other) {
    return new AccessRequest(identity, cluster, clusterLabels, other, sourceIp, at);
  }

  /**
   * The same for a cluster with these labels.
   *
   * @param labels the cluster's labels
   * @return a new request
   */
  public AccessRequest withClusterLabels(Map<String, String> labels) {
    return new AccessRequest(identity, cluster, labels, info, sourceIp, at);
  }

  /**
   * The same from some address.
   *
   * @param address an IPv4 or IPv6 address without a port
   * @return a new request
   */
  public AccessRequest from(String address) {
    return new AccessRequest(identity, cluster, clusterLabels, info, address, at);
  }
}
