package dev.fairlead.auth.oidc;

import dev.fairlead.api.InvalidException;
import java.net.http.HttpClient;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Collects what an {@link OidcAuthenticator} is made of. Nothing is checked before {@link
 * #build()}. Not for use by several threads.
 */
public final class OidcBuilder {

  private final List<OidcIssuer> issuers = new ArrayList<>();
  private @Nullable HttpClient client;
  private List<X509Certificate> authorities = List.of();
  private InstantSource time = InstantSource.system();
  private Duration timeout = Duration.ofSeconds(5);
  private boolean sharedNames;

  OidcBuilder() {}

  /**
   * Adds an issuer. At least one is needed.
   *
   * @param issuer what is expected of its tokens
   * @return this
   */
  public OidcBuilder issuer(OidcIssuer issuer) {
    issuers.add(Objects.requireNonNull(issuer, "issuer"));
    return this;
  }

  /**
   * Says that the same name means the same user or group, whichever issuer gave it. Without this,
   * several issuers need prefixes that keep their names apart.
   *
   * @return this
   */
  public OidcBuilder sharedNames() {
    sharedNames = true;
    return this;
  }

  /**
   * Sets by which authorities issuers are trusted.
   *
   * @param certificates of the authorities; those of the JDK unless set
   * @return this
   */
  public OidcBuilder trusting(List<X509Certificate> certificates) {
    authorities = List.copyOf(certificates);
    return this;
  }

  /**
   * Sets the client that issuers are asked with, for its proxy or its TLS.
   *
   * @param own a client that follows no redirects; it stays the caller's
   * @return this
   */
  public OidcBuilder http(HttpClient own) {
    client = Objects.requireNonNull(own, "own");
    return this;
  }

  /**
   * Sets how long an issuer may take to answer one request.
   *
   * @param longest 100 milliseconds to 1 minute; 5 seconds unless set
   * @return this
   */
  public OidcBuilder timeout(Duration longest) {
    timeout = Objects.requireNonNull(longest, "longest");
    return this;
  }

  /**
   * Sets the wall clock.
   *
   * @param source the system's unless set
   * @return this
   */
  public OidcBuilder time(InstantSource source) {
    time = Objects.requireNonNull(source, "source");
    return this;
  }

  /**
   * Checks everything and makes the authenticator, which touches nothing before the first token.
   *
   * @return the authenticator
   * @throws InvalidException if something is missing or cannot be used; the message lists every
   *     mistake
   */
  public OidcAuthenticator build() {
    SettingsCheck check = new SettingsCheck("oidc");
    if (issuers.isEmpty()) {
      check.add("issuer", "none", "at least 1, such as OidcIssuer.of(\"https://id.example.com\")");
    }
    issuers.forEach(check::issuer);
    check.apart(issuers, sharedNames);
    check.client(client, authorities, timeout);
    check.throwIfAny();
    Fetcher fetcher = new Fetcher(client, own -> Trust.in(authorities, own), timeout);
    Map<String, TrustedIssuer> trusted = new LinkedHashMap<>();
    for (OidcIssuer issuer : issuers) {
      Optional<Destination> at = Destination.configured(issuer.url());
      IssuerKeys keys = new IssuerKeys(issuer, at.orElseThrow(), fetcher, time);
      trusted.put(issuer.url(), new TrustedIssuer(issuer, keys, time));
    }
    return new OidcAuthenticator(trusted, fetcher);
  }
}
