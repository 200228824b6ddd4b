package dev.fairlead.cli;

import dev.fairlead.cli.FakeServer.Call;
import dev.fairlead.cli.FakeServer.Reply;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** A hub with one local account, whose refresh tokens are good for one use. */
final class FakeHub implements AutoCloseable {

  static final String PASSWORD = "correct horse";
  static final String USER = "alice@example.com";

  final FakeServer server = FakeServer.overTls();
  final AtomicInteger refreshes = new AtomicInteger();
  final AtomicInteger replays = new AtomicInteger();
  final AtomicInteger logouts = new AtomicInteger();
  volatile int life = 900;
  volatile int refreshStatus = 200;
  volatile String taken = "";
  volatile List<Map<String, Object>> issuers = List.of();
  volatile List<Map<String, Object>> clusters =
      List.of(
          Map.of("name", "dev", "status", "CONNECTED", "kubernetesVersion", "v1.33.1"),
          Map.of("name", "prod-eu", "status", "OFFLINE", "host", "prod-eu.hub.example.com"));
  private int issued;
  private String refresh = "";

  FakeHub() {
    server
        .page("/.well-known/fairlead", call -> Reply.of(200, welcome()))
        .page("/auth/login", this::login)
        .page("/auth/refresh", this::refresh)
        .page("/auth/logout", this::logout)
        .page(
            "/auth/whoami",
            call -> signedIn(call, Map.of("username", USER, "groups", List.of("dev"))))
        .page("/clusters", call -> signedIn(call, Map.of("clusters", clusters)));
  }

  private Map<String, Object> welcome() {
    return Map.of("version", "0.1.0", "signIn", Map.of("local", true, "issuers", issuers));
  }

  private synchronized Reply login(Call call) {
    if (!USER.equals(call.json().get("email")) || !PASSWORD.equals(call.json().get("password"))) {
      return Reply.of(401, Map.of("title", "Unauthorized", "detail", "wrong e-mail or password"));
    }
    return tokens();
  }

  private synchronized Reply refresh(Call call) {
    if (refreshStatus != 200) {
      return Reply.of(refreshStatus, Map.of("detail", "not now"));
    }
    if (refresh.isEmpty() || !refresh.equals(call.json().get("refresh_token"))) {
      replays.incrementAndGet();
      refresh = "";
      return Reply.of(401, Map.of("detail", "the refresh token was used before"));
    }
    refreshes.incrementAndGet();
    return tokens();
  }

  private synchronized Reply logout(Call call) {
    logouts.incrementAndGet();
    refresh = "";
    return Reply.of(200, Map.of());
  }

  private Reply tokens() {
    issued++;
    refresh = "refresh-secret-" + issued;
    taken = "access-secret-" + issued;
    return Reply.of(
        200,
        Map.of(
            "access_token", taken,
            "token_type", "Bearer",
            "expires_in", life,
            "refresh_token", refresh));
  }

  private Reply signedIn(Call call, Map<String, Object> body) {
    return call.authorization().equals("Bearer " + taken)
        ? Reply.of(200, body)
        : Reply.of(401, Map.of("detail", "who are you?"));
  }

  @Override
  public void close() {
    server.close();
  }
}
