package dev.fairlead.cli;

import org.jspecify.annotations.Nullable;

/** How somebody signed in, which tells how tokens are renewed and revoked. */
sealed interface Origin {

  /** With the password of an account of the hub's own. */
  record LocalAccount() implements Origin {}

  /**
   * At an OpenID Connect issuer.
   *
   * @param issuer its name
   * @param clientId as whom the program asks
   * @param tokenName which of its tokens the hub takes
   * @param tokenEndpoint where tokens are renewed
   * @param revocationEndpoint where they are revoked (RFC 7009); null if nowhere
   * @param ca whom its certificate is trusted by, in PEM; null for the system's authorities
   */
  record AtIssuer(
      String issuer,
      String clientId,
      String tokenName,
      String tokenEndpoint,
      @Nullable String revocationEndpoint,
      @Nullable String ca)
      implements Origin {}

  /** With a token from elsewhere, such as an API key, which cannot be renewed. */
  record GivenToken() implements Origin {}
}
