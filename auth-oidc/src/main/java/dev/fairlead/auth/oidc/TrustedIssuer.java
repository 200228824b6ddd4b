package dev.fairlead.auth.oidc;

import dev.fairlead.api.Identity;
import dev.fairlead.api.auth.Authentication;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Verifies the tokens of one issuer. */
final class TrustedIssuer {

  private static final Set<String> TYPES = Set.of("jwt", "at+jwt", "application/at+jwt");
  private static final int LONGEST_KEY_ID = 256;

  private final OidcIssuer issuer;
  private final ClaimsCheck claims;
  private final IdentityMapping mapping;
  private final IssuerKeys keys;
  private final InstantSource time;

  TrustedIssuer(OidcIssuer issuer, IssuerKeys keys, InstantSource time) {
    this.issuer = issuer;
    this.claims = new ClaimsCheck(issuer);
    this.mapping = new IdentityMapping(issuer);
    this.keys = keys;
    this.time = time;
  }

  CompletionStage<Authentication> authenticate(Jwt token) {
    SignatureAlgorithm algorithm;
    String keyId;
    Authentication.Authenticated good;
    try {
      algorithm = algorithm(token);
      keyId = keyId(token);
      Instant until = claims.require(token.claims(), time.instant());
      Identity identity = mapping.identity(token.claims());
      good =
          new Authentication.Authenticated(
              identity, CredentialId.of(issuer.url(), token.claims(), token.signed()), until);
    } catch (TokenRefused e) {
      return CompletableFuture.completedFuture(rejected(e));
    }
    // What costs the issuer something comes last.
    return keys.current()
        .thenCompose(
            present ->
                present.knows(keyId, algorithm)
                    ? CompletableFuture.completedFuture(present)
                    : keys.newer(present))
        .thenApply(present -> verified(present, token, keyId, algorithm, good));
  }

  private Authentication verified(
      KeySet present,
      Jwt token,
      @Nullable String keyId,
      SignatureAlgorithm algorithm,
      Authentication.Authenticated good) {
    try {
      present.verify(token, keyId, algorithm);
      return good;
    } catch (TokenRefused e) {
      return rejected(e);
    }
  }

  private Authentication rejected(TokenRefused refusal) {
    return new Authentication.Rejected("token of " + issuer.url() + ": " + refusal.reason());
  }

  private SignatureAlgorithm algorithm(Jwt token) throws TokenRefused {
    String name = token.headerText("alg");
    Optional<SignatureAlgorithm> known =
        name == null ? Optional.empty() : SignatureAlgorithm.named(name);
    if (known.isEmpty() || !issuer.algorithms().contains(known.get())) {
      throw new TokenRefused("alg: not allowed (expected: any of " + issuer.algorithms() + ")");
    }
    if (token.header().containsKey("crit")) {
      throw new TokenRefused("crit: asks for what is not known here");
    }
    if (token.header().containsKey("typ")) {
      String type = token.headerText("typ");
      if (type == null || !TYPES.contains(type.toLowerCase(Locale.ROOT))) {
        throw new TokenRefused("typ: no token to sign in with (expected: JWT or at+jwt)");
      }
    }
    return known.get();
  }

  private static @Nullable String keyId(Jwt token) throws TokenRefused {
    if (!token.header().containsKey("kid")) {
      return null;
    }
    String id = token.headerText("kid");
    if (id == null || id.length() > LONGEST_KEY_ID) {
      throw new TokenRefused("kid: no text of at most " + LONGEST_KEY_ID + " characters");
    }
    return id;
  }
}
