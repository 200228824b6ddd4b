package dev.fairlead.api.transport;

import java.security.cert.X509Certificate;
import java.util.List;

/**
 * What an agent gets when it enrols or renews.
 *
 * @param chain the agent's certificate first, the hub's certificate authority last; 2 or more
 */
public record Enrolment(List<X509Certificate> chain) {

  /**
   * Copies the chain.
   *
   * @param chain the agent's certificate first, the hub's certificate authority last; 2 or more
   * @throws IllegalArgumentException if it has fewer than 2 certificates
   */
  public Enrolment {
    chain = List.copyOf(chain);
    if (chain.size() < 2) {
      throw new IllegalArgumentException(
          "chain: " + chain.size() + " certificates (expected: the agent's and its issuer's)");
    }
  }
}
