package dev.fairlead.auth.oidc;

import com.nimbusds.jose.JWSAlgorithm;
import java.util.Arrays;
import java.util.Optional;

/**
 * The signature algorithms (RFC 7518, RFC 8037) that a token may have. There are no others: neither
 * {@code none} nor the symmetric ones, for which an issuer's public key would be a secret.
 */
public enum SignatureAlgorithm {
  /** RSASSA-PKCS1-v1_5 with SHA-256. */
  RS256(JWSAlgorithm.RS256, null),
  /** RSASSA-PKCS1-v1_5 with SHA-384. */
  RS384(JWSAlgorithm.RS384, null),
  /** RSASSA-PKCS1-v1_5 with SHA-512. */
  RS512(JWSAlgorithm.RS512, null),
  /** RSASSA-PSS with SHA-256. */
  PS256(JWSAlgorithm.PS256, null),
  /** RSASSA-PSS with SHA-384. */
  PS384(JWSAlgorithm.PS384, null),
  /** RSASSA-PSS with SHA-512. */
  PS512(JWSAlgorithm.PS512, null),
  /** ECDSA with P-256 and SHA-256. */
  ES256(JWSAlgorithm.ES256, "P-256"),
  /** ECDSA with P-384 and SHA-384. */
  ES384(JWSAlgorithm.ES384, "P-384"),
  /** ECDSA with P-521 and SHA-512. */
  ES512(JWSAlgorithm.ES512, "P-521"),
  /** Ed25519. */
  EdDSA(JWSAlgorithm.EdDSA, "Ed25519");

  private final JWSAlgorithm jose;
  private final String curve;

  SignatureAlgorithm(JWSAlgorithm jose, @org.jspecify.annotations.Nullable String curve) {
    this.jose = jose;
    this.curve = curve == null ? "" : curve;
  }

  /** The algorithm of that name, in the spelling of RFC 7518. */
  static Optional<SignatureAlgorithm> named(String name) {
    return Arrays.stream(values()).filter(one -> one.name().equals(name)).findFirst();
  }

  JWSAlgorithm jose() {
    return jose;
  }

  /** The curve of its keys; empty for RSA. */
  String curve() {
    return curve;
  }
}
