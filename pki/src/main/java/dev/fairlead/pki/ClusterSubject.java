package dev.fairlead.pki;

import static java.util.Objects.requireNonNull;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.InvalidException;
import java.util.regex.Pattern;

/**
 * Whom an agent certificate is made out to: one agent of one cluster. The hub takes it from the
 * install token or from the certificate being renewed, never from the request.
 *
 * @param cluster the cluster
 * @param agentId the agent's name within the cluster: 1–63 of {@code a-z}, {@code 0-9}, {@code -}
 *     and {@code .}, beginning and ending with a letter or digit
 */
public record ClusterSubject(ClusterName cluster, String agentId) {

  private static final Pattern AGENT = Pattern.compile("[a-z0-9]([-.a-z0-9]{0,61}[a-z0-9])?");

  /**
   * Checks the agent's name.
   *
   * @throws InvalidException if it is not of the stated form
   */
  public ClusterSubject {
    requireNonNull(cluster, "cluster");
    requireNonNull(agentId, "agentId");
    if (!AGENT.matcher(agentId).matches()) {
      throw new InvalidException(
          "agent id: "
              + Shown.text(agentId)
              + " (expected: 1-63 of a-z, 0-9, - and ., beginning"
              + " and ending with a letter or digit)");
    }
  }

  /**
   * Makes a subject of two strings.
   *
   * @param cluster the cluster's name
   * @param agentId the agent's name
   * @return the subject
   * @throws InvalidException if one is not of its form
   */
  public static ClusterSubject of(String cluster, String agentId) {
    return new ClusterSubject(ClusterName.of(cluster), agentId);
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
