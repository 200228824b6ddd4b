package dev.fairlead.auth.oidc;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.fairlead.api.Identity;
import dev.fairlead.api.TransportException;
import dev.fairlead.api.auth.Authentication;
import dev.fairlead.api.auth.Authenticator;
import dev.fairlead.api.auth.BearerToken;
import dev.fairlead.api.auth.Credential;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tokens that their issuer is asked about (RFC 7662): opaque ones, and its JSON Web Tokens. A user
 * who was disabled, or a session that was ended, is noticed as soon as the last answer may not be
 * used any more. The answer has to say what a JSON Web Token would: {@code aud}, {@code exp} and
 * the claims of the identity.
 *
 * <p>The issuer gets to see every token that it is asked about, so only those of the form that was
 * configured, and JSON Web Tokens with its {@code iss}, are sent to it. Nothing is fetched before
 * the first of them, and at most 100 are asked about at once. Never blocks: stages complete on
 * threads of this object. Safe for use by any thread.
 */
public final class TokenIntrospection implements Authenticator {

  private static final CompletionStage<Authentication> UNKNOWN =
      CompletableFuture.completedStage(new Authentication.Unknown());
  private static final int MOST_AT_ONCE = 100;
  private static final int LONGEST = 16 * 1024;

  private final OidcIssuer issuer;
  private final Pattern form;
  private final String authorization;
  private final Duration reusable;
  private final InstantSource time;
  private final Fetcher fetcher;
  private final Discovery discovery;
  private final ClaimsCheck claims;
  private final IdentityMapping mapping;
  private final Semaphore places = new Semaphore(MOST_AT_ONCE);
  private volatile @Nullable Destination endpoint;

  TokenIntrospection(
      OidcIssuer issuer,
      Destination at,
      Pattern form,
      String authorization,
      Duration reusable,
      InstantSource time,
      Fetcher fetcher) {
    this.issuer = issuer;
    this.form = form;
    this.authorization = authorization;
    this.reusable = reusable;
    this.time = time;
    this.fetcher = fetcher;
    this.discovery = new Discovery(issuer.url(), at, fetcher);
    this.claims = new ClaimsCheck(issuer);
    this.mapping = new IdentityMapping(issuer);
  }

  /**
   * Begins with the issuer.
   *
   * @param issuer whom to ask, and what is expected of its answers; algorithms and keys are of no
   *     matter here
   * @return a new builder
   */
  public static IntrospectionBuilder of(OidcIssuer issuer) {
    return new IntrospectionBuilder(issuer);
  }

  /**
   * {@inheritDoc}
   *
   * @return {@link Authentication.Unknown} for all but tokens of the form that was configured and
   *     JSON Web Tokens of the issuer; a stage that fails if the issuer cannot be asked
   */
  @Override
  public CompletionStage<Authentication> authenticate(Credential credential) {
    if (!(credential instanceof BearerToken token) || !isOurs(token.reveal())) {
      return UNKNOWN;
    }
    if (!places.tryAcquire()) {
      return CompletableFuture.failedFuture(
          new TransportException(
              "issuer " + issuer.url() + ": is being asked about " + MOST_AT_ONCE + " tokens"));
    }
    Destination known = endpoint;
    CompletableFuture<Destination> where =
        known != null
            ? CompletableFuture.completedFuture(known)
            : discovery.find("introspection_endpoint").whenComplete((at, failure) -> endpoint = at);
    return where
        .thenCompose(at -> fetcher.post(at, form(token), authorization))
        .thenApply(answer -> examine(answer, token))
        .whenComplete((found, failure) -> places.release());
  }

  private boolean isOurs(String token) {
    if (token.length() > LONGEST) {
      return false;
    }
    Jwt jwt = Jwt.parse(token);
    return jwt == null ? form.matcher(token).matches() : jwt.issuer().equals(issuer.url());
  }

  private static String form(BearerToken token) {
    return "token_type_hint=access_token&token="
        + URLEncoder.encode(token.reveal(), StandardCharsets.UTF_8);
  }

  private Authentication examine(String answer, BearerToken token) {
    try {
      Map<String, Object> said = JSONObjectUtils.parse(answer);
      if (said.get("active") != Boolean.TRUE) {
        throw new TokenRefused("is not active");
      }
      if (said.containsKey("iss") && !issuer.url().equals(said.get("iss"))) {
        throw new TokenRefused("iss: another (expected: " + issuer.url() + ")");
      }
      Instant until = claims.require(said, time.instant());
      Identity identity = mapping.identity(said);
      byte[] bytes = token.reveal().getBytes(StandardCharsets.UTF_8);
      return new Authentication.Authenticated(
          identity, CredentialId.of(issuer.url(), said, bytes), until);
    } catch (TokenRefused e) {
      return new Authentication.Rejected("token of " + issuer.url() + ": " + e.reason());
    } catch (ParseException e) {
      throw new TransportException(
          "issuer " + issuer.url() + ": answered no JSON object (expected: as in RFC 7662)");
    }
  }

  /** {@inheritDoc} As configured. */
  @Override
  public Duration reusableFor() {
    return reusable;
  }

  @Override
  public void close() {
    fetcher.close();
  }

  @Override
  public String toString() {
    return "TokenIntrospection[" + issuer.url() + "]";
  }
}
