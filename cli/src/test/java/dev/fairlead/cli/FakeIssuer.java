package dev.fairlead.cli;

import dev.fairlead.cli.FakeServer.Call;
import dev.fairlead.cli.FakeServer.Reply;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;

/** An OpenID Connect issuer with one user, who agrees or not. */
final class FakeIssuer implements AutoCloseable {

  static final String CLIENT = "fairlead-cli";

  final FakeServer server = FakeServer.overHttp();
  final FakeHub hub;
  final Map<String, Object> metadata = new HashMap<>();

  /** What the token endpoint says to a device before there is a token. */
  final Queue<String> deviceErrors = new ArrayDeque<>();

  final AtomicInteger polls = new AtomicInteger();
  final AtomicInteger revoked = new AtomicInteger();
  volatile Map<String, String> authorization = Map.of();
  volatile String issInRedirect = "";
  private int issued;

  FakeIssuer(FakeHub hub) {
    this.hub = hub;
    String url = server.url();
    metadata.putAll(
        Map.of(
            "issuer", url,
            "authorization_endpoint", url + "/authorize",
            "token_endpoint", url + "/token",
            "device_authorization_endpoint", url + "/device",
            "revocation_endpoint", url + "/revoke"));
    server
        .page("/.well-known/openid-configuration", call -> Reply.of(200, metadata))
        .page("/device", this::device)
        .page("/authorize", this::authorize)
        .page("/token", this::token)
        .page(
            "/revoke",
            call -> {
              revoked.incrementAndGet();
              return Reply.of(200, Map.of());
            });
    hub.issuers =
        List.of(
            Map.of(
                "issuer",
                url,
                "clientId",
                CLIENT,
                "scopes",
                List.of("openid", "offline_access"),
                "token",
                "id_token"));
  }

  private Reply device(Call call) {
    if (!call.form().equals(Map.of("client_id", CLIENT, "scope", "openid offline_access"))) {
      return error("invalid_request");
    }
    return Reply.of(
        200,
        Map.of(
            "device_code",
            "device-secret",
            "user_code",
            "WDJB-MJHT",
            "verification_uri",
            server.url() + "/activate",
            "expires_in",
            60,
            "interval",
            2));
  }

  private Reply authorize(Call call) {
    authorization = call.query();
    String iss = issInRedirect.isEmpty() ? "" : "&iss=" + issInRedirect;
    return Reply.redirect(
        authorization.get("redirect_uri")
            + "?code=code-secret&state="
            + authorization.get("state")
            + iss);
  }

  private synchronized Reply token(Call call) {
    Map<String, String> form = call.form();
    if (!CLIENT.equals(form.get("client_id"))) {
      return error("invalid_client");
    }
    return switch (form.get("grant_type")) {
      case "urn:ietf:params:oauth:grant-type:device_code" -> deviceToken(form);
      case "authorization_code" ->
          "code-secret".equals(form.get("code"))
                  && authorization.get("redirect_uri").equals(form.get("redirect_uri"))
                  && authorization.get("code_challenge").equals(hash(form.get("code_verifier")))
              ? tokens()
              : error("invalid_grant");
      case "password" ->
          FakeHub.PASSWORD.equals(form.get("password")) ? tokens() : error("invalid_grant");
      case "refresh_token" ->
          ("refresh-secret-" + issued).equals(form.get("refresh_token"))
              ? tokens()
              : error("invalid_grant");
      default -> error("unsupported_grant_type");
    };
  }

  private Reply deviceToken(Map<String, String> form) {
    polls.incrementAndGet();
    String next = deviceErrors.poll();
    if (next != null) {
      return next.equals("503") ? Reply.of(503, Map.of()) : error(next);
    }
    return "device-secret".equals(form.get("device_code")) ? tokens() : error("invalid_grant");
  }

  private static String hash(String verifier) {
    try {
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(
              MessageDigest.getInstance("SHA-256")
                  .digest(verifier.getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /** The hub takes ID tokens, which say themselves until when they hold. */
  private Reply tokens() {
    issued++;
    long end = 1_577_836_800L + 600L * issued;
    hub.taken = "x." + encoded("{\"exp\":" + end + ",\"secret\":" + issued + "}") + ".x";
    return Reply.of(
        200,
        Map.of(
            "access_token",
            "not-for-the-hub-secret",
            "token_type",
            "bearer",
            "expires_in",
            5,
            "id_token",
            hub.taken,
            "refresh_token",
            "refresh-secret-" + issued));
  }

  private static String encoded(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static Reply error(String code) {
    return Reply.of(400, Map.of("error", code));
  }

  @Override
  public void close() {
    server.close();
  }
}
