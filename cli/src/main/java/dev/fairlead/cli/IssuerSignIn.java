package dev.fairlead.cli;

import java.net.URI;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Signs in at an issuer, as the client that a hub names for it. */
final class IssuerSignIn {

  private final Issuer issuer;
  private final SignInWays.IssuerClient client;
  private final InstantSource clock;

  IssuerSignIn(Issuer issuer, SignInWays.IssuerClient client, InstantSource clock) {
    this.issuer = issuer;
    this.client = client;
    this.clock = clock;
  }

  Issuer issuer() {
    return issuer;
  }

  SignInWays.IssuerClient client() {
    return client;
  }

  String scope() {
    return String.join(" ", client.scopes());
  }

  /** Where the tokens come from, for their renewal. */
  Origin origin(@Nullable String ca) {
    return new Origin.AtIssuer(
        issuer.name(),
        client.clientId(),
        client.tokenName(),
        issuer.tokenEndpoint().toString(),
        issuer.endpoint("revocation_endpoint").map(URI::toString).orElse(null),
        ca);
  }

  /** With a password (RFC 6749 section 4.3), where an issuer still takes that. */
  Tokens byPassword(String user, String password) {
    Map<String, String> fields = fields("password");
    fields.put("username", user);
    fields.put("password", password);
    fields.put("scope", scope());
    Answer answer = ask(fields);
    if (!answer.isDone()) {
      throw new Refusal(issuer.name() + ": " + answer.reason());
    }
    return tokens(answer);
  }

  /** The fields of a token request. */
  Map<String, String> fields(String grant) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("grant_type", grant);
    fields.put("client_id", client.clientId());
    return fields;
  }

  Answer ask(Map<String, String> fields) {
    return issuer.calls().postForm(issuer.tokenEndpoint(), fields);
  }

  Tokens tokens(Answer answer) {
    return Tokens.read(answer.body(), client.tokenName(), null, clock.instant(), issuer.name());
  }
}
