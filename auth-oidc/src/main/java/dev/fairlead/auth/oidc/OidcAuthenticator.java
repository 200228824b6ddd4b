package dev.fairlead.auth.oidc;

import dev.fairlead.api.auth.Authentication;
import dev.fairlead.api.auth.Authenticator;
import dev.fairlead.api.auth.BearerToken;
import dev.fairlead.api.auth.Credential;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * JSON Web Tokens (RFC 7519) of OpenID Connect issuers. The issuer that {@code iss} names is the
 * only one whose keys a token is tried with; its keys are found by discovery (OpenID Connect
 * Discovery 1.0), from there over TLS, and nothing the token says about keys is followed.
 *
 * <p>A token holds until it expires: that its user was disabled meanwhile is noticed when the
 * issuer refuses the next one, so let the issuer give tokens of minutes, not days.
 *
 * <p>Nothing is fetched before the first token. Never blocks: stages complete on threads of this
 * object when keys had to be fetched, else at once. Safe for use by any thread.
 */
public final class OidcAuthenticator implements Authenticator {

  private static final CompletionStage<Authentication> UNKNOWN =
      CompletableFuture.completedStage(new Authentication.Unknown());
  private static final Duration REUSABLE = Duration.ofMinutes(1);

  private final Map<String, TrustedIssuer> issuers;
  private final Fetcher fetcher;

  OidcAuthenticator(Map<String, TrustedIssuer> issuers, Fetcher fetcher) {
    this.issuers = Map.copyOf(issuers);
    this.fetcher = fetcher;
  }

  /**
   * Begins with one issuer, for which there may be no other.
   *
   * @param url the issuer, exactly as in the tokens' {@code iss}
   * @return what is expected of it, to which {@link OidcIssuer#build()} puts an end
   */
  public static OidcIssuer issuer(String url) {
    return OidcIssuer.of(url);
  }

  /**
   * Collects several issuers, or what one needs besides.
   *
   * @return a new builder
   */
  public static OidcBuilder builder() {
    return new OidcBuilder();
  }

  /**
   * {@inheritDoc}
   *
   * @return {@link Authentication.Unknown} for all but JSON Web Tokens of the issuers that are
   *     configured; a stage that fails if the issuer's keys cannot be had
   */
  @Override
  public CompletionStage<Authentication> authenticate(Credential credential) {
    if (!(credential instanceof BearerToken bearer)) {
      return UNKNOWN;
    }
    Jwt token = Jwt.parse(bearer.reveal());
    TrustedIssuer issuer = token == null ? null : issuers.get(token.issuer());
    return token == null || issuer == null ? UNKNOWN : issuer.authenticate(token);
  }

  /** {@inheritDoc} One minute, as only a key that the issuer withdrew could make a difference. */
  @Override
  public Duration reusableFor() {
    return REUSABLE;
  }

  @Override
  public void close() {
    fetcher.close();
  }

  @Override
  public String toString() {
    return "OidcAuthenticator" + issuers.keySet();
  }
}
