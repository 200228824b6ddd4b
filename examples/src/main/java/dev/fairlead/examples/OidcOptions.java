package dev.fairlead.examples;

import dev.fairlead.auth.oidc.Claim;
import dev.fairlead.auth.oidc.OidcAuthenticator;
import dev.fairlead.auth.oidc.OidcBuilder;
import dev.fairlead.auth.oidc.OidcIssuer;
import dev.fairlead.examples.program.Mistakes;
import dev.fairlead.examples.program.Pem;
import dev.fairlead.gateway.IssuerOffer;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of a hub whose users sign in at an OpenID Connect issuer. */
final class OidcOptions {

  @Option(
      names = "--oidc-issuer",
      paramLabel = "URL",
      description = "takes tokens of this OpenID Connect issuer, named exactly as in their iss")
  private @Nullable String issuer;

  @Option(
      names = "--oidc-audience",
      paramLabel = "NAME",
      split = ",",
      description = "of which a token's aud has to name one")
  private List<String> audiences = List.of();

  @Option(
      names = "--oidc-username-claim",
      paramLabel = "CLAIM",
      description = "a claim's name, or a JSON Pointer into the claims (default: ${DEFAULT-VALUE})")
  private String usernameClaim = "sub";

  @Option(
      names = "--oidc-username-prefix",
      paramLabel = "TEXT",
      description = "put before user names")
  private String usernamePrefix = "";

  @Option(
      names = "--oidc-groups-claim",
      paramLabel = "CLAIM",
      description = "where the groups are (default: no groups)")
  private @Nullable String groupsClaim;

  @Option(names = "--oidc-groups-prefix", paramLabel = "TEXT", description = "put before groups")
  private String groupsPrefix = "";

  @Option(
      names = "--oidc-required-claim",
      paramLabel = "CLAIM=VALUE",
      split = ",",
      description = "refuses tokens without it; repeatable")
  private Map<String, String> required = new LinkedHashMap<>();

  @Option(
      names = "--oidc-ca",
      paramLabel = "FILE",
      description = "who the issuer's certificate is trusted by, in PEM (default: the JDK's)")
  private @Nullable Path authorities;

  @Option(
      names = "--oidc-client-id",
      paramLabel = "ID",
      description = "the issuer's public client that people sign in as with the fairlead command")
  private @Nullable String clientId;

  @Option(
      names = "--oidc-scope",
      paramLabel = "SCOPE",
      split = ",",
      description = "what it asks for there (default: openid)")
  private List<String> scopes = List.of("openid");

  @Option(
      names = "--oidc-id-token",
      description = "takes ID tokens of people who sign in, where access tokens cannot be checked")
  private boolean idToken;

  /** What people are told of the issuer, if there is one with a client for them. */
  Optional<IssuerOffer> offer() {
    return issuer == null || clientId == null
        ? Optional.empty()
        : Optional.of(
            new IssuerOffer(
                issuer,
                clientId,
                scopes,
                idToken ? IssuerOffer.Token.ID_TOKEN : IssuerOffer.Token.ACCESS_TOKEN));
  }

  /** Who checks the tokens, if there is an issuer; it touches nothing before the first one. */
  Optional<OidcAuthenticator> check(Mistakes mistakes) {
    String url = issuer;
    if (url == null) {
      if (!audiences.isEmpty() || groupsClaim != null || authorities != null || clientId != null) {
        mistakes.add("--oidc-issuer: missing (expected: beside the other --oidc options)");
      }
      return Optional.empty();
    }
    Path file = authorities;
    Optional<List<X509Certificate>> trusted =
        file == null
            ? Optional.of(List.of())
            : mistakes.read("--oidc-ca", () -> Pem.certificates(file));
    return mistakes.understand(
        "--oidc-issuer", () -> authenticator(url, trusted.orElse(List.of())));
  }

  private OidcAuthenticator authenticator(String url, List<X509Certificate> trusted) {
    OidcIssuer expected =
        OidcIssuer.of(url)
            .audience(audiences.toArray(String[]::new))
            .username(Claim.of(usernameClaim).prefixedBy(usernamePrefix));
    if (groupsClaim != null) {
      expected = expected.groups(Claim.of(groupsClaim).prefixedBy(groupsPrefix));
    }
    for (Map.Entry<String, String> one : required.entrySet()) {
      expected = expected.requiring(one.getKey(), one.getValue());
    }
    OidcBuilder builder = OidcAuthenticator.builder().issuer(expected);
    if (!trusted.isEmpty()) {
      builder.trusting(trusted);
    }
    return builder.build();
  }
}
