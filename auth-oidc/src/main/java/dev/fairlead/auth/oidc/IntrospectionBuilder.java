package dev.fairlead.auth.oidc;

import dev.fairlead.api.InvalidException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Collects what a {@link TokenIntrospection} is made of. Nothing is checked before {@link
 * #build()}. Not for use by several threads.
 */
public final class IntrospectionBuilder {

  /** Nothing but the issuer's JSON Web Tokens. */
  private static final String NONE = "(?!)";

  private final OidcIssuer issuer;
  private String clientId = "";
  private String clientSecret = "";
  private String form = NONE;
  private Duration reusable = Duration.ofSeconds(30);
  private Duration timeout = Duration.ofSeconds(5);
  private InstantSource time = InstantSource.system();
  private List<X509Certificate> authorities = List.of();
  private @Nullable HttpClient client;

  IntrospectionBuilder(OidcIssuer issuer) {
    this.issuer = Objects.requireNonNull(issuer, "issuer");
  }

  /**
   * Sets as whom the issuer is asked (RFC 6749, section 2.3.1). Needed.
   *
   * @param id the client's id
   * @param secret the client's secret
   * @return this
   */
  public IntrospectionBuilder client(String id, String secret) {
    clientId = Objects.requireNonNull(id, "id");
    clientSecret = Objects.requireNonNull(secret, "secret");
    return this;
  }

  /**
   * Sets which opaque tokens are the issuer's. Others are not sent to it.
   *
   * @param regex what the whole token has to match; none unless set
   * @return this
   */
  public IntrospectionBuilder tokensLike(String regex) {
    form = Objects.requireNonNull(regex, "regex");
    return this;
  }

  /**
   * Sets for how long a good answer is used again, which is how late it is noticed that a token was
   * revoked.
   *
   * @param longest 0 to 5 minutes; 30 seconds unless set
   * @return this
   */
  public IntrospectionBuilder reusableFor(Duration longest) {
    reusable = Objects.requireNonNull(longest, "longest");
    return this;
  }

  /**
   * Sets how long the issuer may take to answer one request.
   *
   * @param longest 100 milliseconds to 1 minute; 5 seconds unless set
   * @return this
   */
  public IntrospectionBuilder timeout(Duration longest) {
    timeout = Objects.requireNonNull(longest, "longest");
    return this;
  }

  /**
   * Sets the wall clock.
   *
   * @param source the system's unless set
   * @return this
   */
  public IntrospectionBuilder time(InstantSource source) {
    time = Objects.requireNonNull(source, "source");
    return this;
  }

  /**
   * Sets by which authorities the issuer is trusted.
   *
   * @param certificates of the authorities; those of the JDK unless set
   * @return this
   */
  public IntrospectionBuilder trusting(List<X509Certificate> certificates) {
    authorities = List.copyOf(certificates);
    return this;
  }

  /**
   * Sets the client that the issuer is asked with, for its proxy or its TLS.
   *
   * @param own a client that follows no redirects; it stays the caller's
   * @return this
   */
  public IntrospectionBuilder http(HttpClient own) {
    client = Objects.requireNonNull(own, "own");
    return this;
  }

  /**
   * Checks everything and makes the authenticator, which touches nothing before the first token.
   *
   * @return the authenticator
   * @throws InvalidException if something is missing or cannot be used; the message lists every
   *     mistake
   */
  public TokenIntrospection build() {
    SettingsCheck check = new SettingsCheck("token introspection");
    check.issuer(issuer);
    check.client(client, authorities, timeout);
    check.between("reusableFor", reusable, Duration.ZERO, Duration.ofMinutes(5));
    if (clientId.isEmpty() || clientSecret.isEmpty()) {
      check.add("client", "no id or no secret", "both, of a client that may ask about tokens");
    }
    Pattern tokens = Pattern.compile(NONE);
    try {
      tokens = Pattern.compile(form);
    } catch (PatternSyntaxException e) {
      check.add("tokensLike", e.getDescription(), "a regular expression");
    }
    check.throwIfAny();
    return new TokenIntrospection(
        issuer,
        Destination.configured(issuer.url()).orElseThrow(),
        tokens,
        authorization(),
        reusable,
        time,
        new Fetcher(client, own -> Trust.in(authorities, own), timeout));
  }

  private String authorization() {
    String pair =
        URLEncoder.encode(clientId, StandardCharsets.UTF_8)
            + ":"
            + URLEncoder.encode(clientSecret, StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }
}
