package dev.fairlead.api.auth;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;

/**
 * A certificate whose private key the client proved to have in its TLS handshake (RFC 8446). That
 * says nothing about whether the certificate is any good: an {@link Authenticator} has to check its
 * chain and its dates itself.
 *
 * @param chain the client's own certificate, and what it sent along; not empty
 */
public record ClientCertificate(List<X509Certificate> chain) implements Credential {

  /**
   * Checks and copies the chain.
   *
   * @param chain the client's own certificate, and what it sent along; not empty
   * @throws IllegalArgumentException if it is empty
   */
  public ClientCertificate {
    chain = List.copyOf(Objects.requireNonNull(chain, "chain"));
    if (chain.isEmpty()) {
      throw new IllegalArgumentException(
          "client certificate: empty chain (expected: at least 1 certificate)");
    }
  }

  /**
   * The client's own certificate.
   *
   * @return the first of the chain
   */
  public X509Certificate own() {
    return chain.get(0);
  }

  @Override
  public String toString() {
    return "ClientCertificate[" + own().getSerialNumber().toString(16) + "]";
  }
}
