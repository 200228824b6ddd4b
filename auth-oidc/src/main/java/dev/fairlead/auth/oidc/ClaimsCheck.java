package dev.fairlead.auth.oidc;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether a token is meant for here and holds now (RFC 7519, section 4.1; OpenID Connect Core). */
final class ClaimsCheck {

  private final OidcIssuer issuer;

  ClaimsCheck(OidcIssuer issuer) {
    this.issuer = issuer;
  }

  /**
   * Checks everything but the signature.
   *
   * @return until when the token holds, with the skew
   * @throws TokenRefused if it does not hold
   */
  Instant require(Map<String, Object> claims, Instant now) throws TokenRefused {
    requireAnyOf("aud", claims.get("aud"), issuer.audiences());
    if (!issuer.authorizedParties().isEmpty()) {
      requireAnyOf("azp", claims.get("azp"), issuer.authorizedParties());
    }
    for (Map.Entry<String, String> one : issuer.required().entrySet()) {
      requireAnyOf(one.getKey(), ClaimPath.of(one.getKey()).in(claims), Set.of(one.getValue()));
    }
    Instant expiry = moment("exp", claims);
    if (expiry == null) {
      throw new TokenRefused("exp: missing (expected: when the token expires)");
    }
    Instant until = expiry.plus(issuer.skew());
    if (!now.isBefore(until)) {
      throw new TokenRefused("exp: expired at " + expiry);
    }
    requireNotAfter("nbf", claims, now.plus(issuer.skew()));
    requireNotAfter("iat", claims, now.plus(issuer.skew()));
    return until;
  }

  private static void requireAnyOf(String name, @Nullable Object found, Set<String> expected)
      throws TokenRefused {
    List<?> values =
        found instanceof List<?> list ? list : found == null ? List.of() : List.of(found);
    if (values.stream().noneMatch(one -> one instanceof String text && expected.contains(text))) {
      throw new TokenRefused(name + ": another or none (expected: any of " + expected + ")");
    }
  }

  private static void requireNotAfter(String name, Map<String, Object> claims, Instant latest)
      throws TokenRefused {
    Instant found = moment(name, claims);
    if (found != null && found.isAfter(latest)) {
      throw new TokenRefused(name + ": " + found + " is yet to come");
    }
  }

  private static @Nullable Instant moment(String name, Map<String, Object> claims)
      throws TokenRefused {
    Object found = claims.get(name);
    if (found == null) {
      return null;
    }
    try {
      if (found instanceof Number number) {
        double seconds = number.doubleValue();
        if (seconds >= 0 && seconds <= 253_402_300_799d) {
          return Instant.ofEpochMilli((long) (seconds * 1_000));
        }
      }
    } catch (DateTimeException e) {
      // As any other value that is no time.
    }
    throw new TokenRefused(name + ": no time (expected: seconds since 1970 as a number)");
  }
}
