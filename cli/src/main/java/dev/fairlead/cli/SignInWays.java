package dev.fairlead.cli;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a hub lets people sign in, as it tells at {@code /.well-known/fairlead}.
 *
 * @param version the hub's version, or empty
 * @param local whether it has accounts of its own
 * @param issuers the OpenID Connect issuers whose tokens it takes
 */
record SignInWays(String version, boolean local, List<IssuerClient> issuers) {

  /**
   * An issuer, and as which client to ask it.
   *
   * @param issuer its name
   * @param clientId the client
   * @param scopes what to ask for
   * @param tokenName which token the hub takes: {@code access_token} or {@code id_token}
   */
  record IssuerClient(String issuer, String clientId, List<String> scopes, String tokenName) {}

  static SignInWays read(Map<String, @Nullable Object> object) {
    Map<String, @Nullable Object> ways = Json.child(object, "signIn");
    return new SignInWays(
        Json.text(object, "version").orElse(""),
        Boolean.TRUE.equals(ways.get("local")),
        Json.children(ways, "issuers").stream().map(SignInWays::issuer).toList());
  }

  private static IssuerClient issuer(Map<String, @Nullable Object> object) {
    List<String> scopes = Json.texts(object, "scopes");
    return new IssuerClient(
        Json.text(object, "issuer").orElse(""),
        Json.text(object, "clientId").orElse(""),
        scopes.isEmpty() ? List.of("openid") : scopes,
        Json.text(object, "token").orElse("access_token"));
  }
}
