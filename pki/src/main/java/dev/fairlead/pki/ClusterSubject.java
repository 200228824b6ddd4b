package dev.fairlead.pki;

import static java.util.Objects.requireNonNull;

import java.util.regex.Pattern;

/**
 * Whom an agent certificate is made out to: one agent of one cluster. The hub takes it from the
 * install token or from the certificate being renewed, never from the request.
 *
 * @param cluster the cluster's name, an RFC 1123 label: 1–63 of {@code a-z}, {@code 0-9} and {@code
 *     -}, beginning and ending with a letter or digit
 * @param agentId the agent's name within the cluster: 1–63 of {@code a-z}, {@code 0-9}, {@code -}
 *     and {@code .}, beginning and ending with a letter or digit
 */
public record ClusterSubject(String cluster, String agentId) {

  private static final Pattern CLUSTER = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
  private static final Pattern AGENT = Pattern.compile("[a-z0-9]([-.a-z0-9]{0,61}[a-z0-9])?");

  /**
   * Checks both names.
   *
   * @throws IllegalArgumentException if one is not of the stated form
   */
  public ClusterSubject {
    requireNonNull(cluster, "cluster");
    requireNonNull(agentId, "agentId");
    if (!CLUSTER.matcher(cluster).matches()) {
      throw new IllegalArgumentException(
          "cluster: " + Shown.text(cluster) + " (expected: 1-63 of a-z, 0-9, '-')");
    }
    if (!AGENT.matcher(agentId).matches()) {
      throw new IllegalArgumentException(
          "agentId: " + Shown.text(agentId) + " (expected: 1-63 of a-z, 0-9, '-', '.')");
    }
  }

  /** The subject alternative name that stands in the certificate. */
  String uri() {
    return "fairlead://" + cluster + "/" + agentId;
  }

  /** The subject that stands in the certificate, in RFC 2253 form. */
  String distinguishedName() {
    return "CN=" + cluster;
  }
}
