package dev.fairlead.gateway;

import dev.fairlead.api.InvalidException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * An OpenID Connect issuer at which people can sign in for a hub, and as which client. Only what is
 * told to whoever asks: whether the hub takes the issuer's tokens is its authenticators' business.
 *
 * @param issuer the issuer's name, an http or https URL, as in its tokens
 * @param clientId the public client that people's programs are there
 * @param scopes what they ask for; at least one
 * @param token which of the tokens they get the hub takes
 */
public record IssuerOffer(String issuer, String clientId, List<String> scopes, Token token) {

  /** Which token of a sign-in the hub takes. */
  public enum Token {
    /** The access token (RFC 9068), which is what OAuth means it to be. */
    ACCESS_TOKEN,
    /** The ID token, for issuers whose access tokens nobody else can read. */
    ID_TOKEN
  }

  /**
   * Checks and copies the parts.
   *
   * @param issuer the issuer's name
   * @param clientId the public client that people's programs are there
   * @param scopes what they ask for; at least one
   * @param token which of the tokens they get the hub takes
   * @throws InvalidException with every mistake
   */
  public IssuerOffer {
    Objects.requireNonNull(token, "token");
    scopes = List.copyOf(scopes);
    List<String> mistakes = new ArrayList<>();
    if (!issuer.matches("https?://\\S+")) {
      mistakes.add("issuer: '" + issuer + "' (expected: a URL)");
    }
    if (clientId.isBlank()) {
      mistakes.add("client id: blank (expected: a public client of the issuer)");
    }
    if (scopes.isEmpty() || scopes.stream().anyMatch(one -> !one.matches("[!#-\\[\\]-~]+"))) {
      mistakes.add("scopes: " + scopes + " (expected: at least one, such as openid)");
    }
    if (!mistakes.isEmpty()) {
      throw new InvalidException("sign-in: " + String.join("; ", mistakes));
    }
  }

  /**
   * An issuer whose access tokens the hub takes.
   *
   * @param issuer the issuer's name
   * @param clientId the public client that people's programs are there
   * @return the offer, with the scope {@code openid}
   */
  public static IssuerOffer of(String issuer, String clientId) {
    return new IssuerOffer(issuer, clientId, List.of("openid"), Token.ACCESS_TOKEN);
  }
}
