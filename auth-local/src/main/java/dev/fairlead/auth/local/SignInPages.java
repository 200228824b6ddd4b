package dev.fairlead.auth.local;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.fairlead.auth.local.Page.Access;
import dev.fairlead.auth.local.Page.Admitted;
import dev.fairlead.core.door.RestAnswer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The pages on which users sign in and out, and what others need to verify their tokens. */
final class SignInPages {

  private static final String PUBLISHED = "public, max-age=300";

  private final LocalAccounts accounts;
  private final String issuer;

  SignInPages(LocalAccounts accounts, String issuer) {
    this.accounts = accounts;
    this.issuer = issuer;
  }

  /** The pages by path and then by method. */
  Map<String, Map<String, Page>> pages() {
    return Map.of(
        "/auth/login",
        Map.of("POST", page(Access.ANYONE, "create", "sessions", "", this::login)),
        "/auth/refresh",
        Map.of("POST", page(Access.ANYONE, "update", "sessions", "", this::refresh)),
        "/auth/logout",
        Map.of("POST", page(Access.ANYONE, "delete", "sessions", "", this::logout)),
        "/auth/password",
        Map.of("POST", page(Access.USER, "update", "users", "password", this::password)),
        "/auth/keys",
        Map.of(
            "POST", page(Access.ADMINISTRATOR, "create", "signingkeys", "", admitted -> rotate())),
        "/auth/jwks",
        Map.of("GET", page(Access.PUBLIC, "get", "signingkeys", "", admitted -> jwks())),
        "/.well-known/openid-configuration",
        Map.of("GET", page(Access.PUBLIC, "get", "discovery", "", admitted -> discovery())));
  }

  private static Page page(
      Access access, String verb, String resource, String subresource, Page.Handler handler) {
    return new Page(access, verb, resource, subresource, handler);
  }

  private RestAnswer login(Admitted admitted) {
    Fields fields = Fields.of(admitted.call().json(), "email", "password");
    String email = Names.folded(fields.text("email"));
    String password = fields.text("password");
    // Somebody may have typed the password where the e-mail belongs.
    admitted.act().note("email", Names.isEmail(email) ? email : "no address");
    return tokens(
        admitted, () -> accounts.sessions().signIn(email, password, admitted.call().sourceIp()));
  }

  private RestAnswer refresh(Admitted admitted) {
    Fields fields = Fields.of(admitted.call().json(), "refresh_token");
    String token = fields.text("refresh_token");
    RefreshToken.parse(token).ifPresent(known -> admitted.act().note("session", known.sessionId()));
    return tokens(admitted, () -> accounts.sessions().refresh(token));
  }

  private RestAnswer tokens(Admitted admitted, Supplier<IssuedTokens> issue) {
    IssuedTokens issued = issue.get();
    admitted.act().issued(issued, accounts.sessions());
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("access_token", issued.accessToken());
    answer.put("token_type", "Bearer");
    answer.put("expires_in", issued.expiresIn().toSeconds());
    answer.put("refresh_token", issued.refreshToken());
    return RestAnswer.json(200, JSONObjectUtils.toJSONString(answer)).with("pragma", "no-cache");
  }

  private RestAnswer logout(Admitted admitted) {
    Fields fields = Fields.of(admitted.call().json(), "refresh_token");
    admitted.act().ended(accounts.sessions().signOut(fields.text("refresh_token")));
    // As RFC 7009 has it, a token that does not hold is no mistake.
    return RestAnswer.nothing();
  }

  private RestAnswer password(Admitted admitted) {
    Fields fields = Fields.of(admitted.call().json(), "password", "new_password");
    accounts
        .sessions()
        .changePassword(
            admitted.user().user(),
            admitted.user().sessionId(),
            fields.text("password"),
            fields.text("new_password"),
            admitted.call().sourceIp());
    return RestAnswer.nothing();
  }

  private RestAnswer rotate() {
    accounts.keys().rotate();
    return RestAnswer.nothing();
  }

  private RestAnswer jwks() {
    return RestAnswer.of(
            200, "application/jwk-set+json", accounts.jwks().getBytes(StandardCharsets.UTF_8))
        .with("cache-control", PUBLISHED);
  }

  /** As much of OpenID Connect Discovery as those need who only verify tokens. */
  private RestAnswer discovery() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("issuer", issuer);
    document.put("jwks_uri", issuer + "/auth/jwks");
    document.put("response_types_supported", List.of("id_token"));
    document.put("subject_types_supported", List.of("public"));
    document.put("id_token_signing_alg_values_supported", List.of("RS256"));
    document.put(
        "claims_supported",
        List.of("sub", "iss", "aud", "exp", "iat", "sid", "email", "preferred_username", "groups"));
    return RestAnswer.json(200, JSONObjectUtils.toJSONString(document))
        .with("cache-control", PUBLISHED);
  }
}
