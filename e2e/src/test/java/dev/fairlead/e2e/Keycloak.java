package dev.fairlead.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A real Keycloak with the realm {@code fleet}: Alice, Bob, and the clients cli and hub. */
final class Keycloak implements AutoCloseable {

  private static final String VERSION = "keycloak-26.7.3";
  private static final Duration READY = Duration.ofMinutes(2);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path home;
  private final Path log;
  private final int port;
  private final HttpClient client = HttpClient.newHttpClient();
  private Process process;

  private Keycloak(Path home, Path log, int port) {
    this.home = home;
    this.log = log;
    this.port = port;
  }

  /** Starts it anew, and returns when it serves the realm. */
  static Keycloak start() throws IOException {
    Path home = Tools.checkout().resolve("e2e/target/keycloak").resolve(VERSION);
    if (!Files.exists(home.resolve("bin/kc.sh"))) {
      throw new AssertionError(
          "no Keycloak in " + home + ": run './mvnw -Pe2e …', which gets it from Maven Central");
    }
    remove(home.resolve("data"));
    Path imports = Files.createDirectories(home.resolve("data/import"));
    Files.copy(
        Tools.checkout().resolve("e2e/src/test/resources/keycloak/fleet-realm.json"),
        imports.resolve("fleet-realm.json"));
    Path log = Places.directory("keycloak").resolve("keycloak.log");
    Keycloak keycloak = new Keycloak(home, log, DaemonProcess.freePort());
    keycloak.startAgain();
    return keycloak;
  }

  private static void remove(Path directory) throws IOException {
    if (Files.exists(directory)) {
      try (Stream<Path> all = Files.walk(directory)) {
        for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(one);
        }
      }
    }
  }

  /** Starts it where it was, with what it kept. */
  void startAgain() {
    ProcessBuilder command =
        new ProcessBuilder(
                "bash",
                home.resolve("bin/kc.sh").toString(),
                "start-dev",
                "--import-realm",
                "--http-host=127.0.0.1",
                "--http-port=" + port)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    command.environment().put("JAVA_HOME", System.getProperty("java.home"));
    command.environment().put("JAVA_OPTS_APPEND", "-XX:TieredStopAtLevel=1 -Xmx512m");
    command.environment().put("KC_BOOTSTRAP_ADMIN_USERNAME", "admin");
    command.environment().put("KC_BOOTSTRAP_ADMIN_PASSWORD", "admin");
    try {
      process = command.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Awaitility.await("Keycloak ready, see " + log)
        .atMost(READY)
        .pollInterval(Duration.ofMillis(250))
        .ignoreExceptions()
        .until(
            () ->
                !process.isAlive()
                    || get(issuer() + "/.well-known/openid-configuration").statusCode() == 200);
    if (!process.isAlive()) {
      throw new AssertionError("Keycloak ended with " + process.exitValue() + ", see " + log);
    }
  }

  String issuer() {
    return realm("/realms/fleet");
  }

  private String realm(String path) {
    return "http://127.0.0.1:" + port + path;
  }

  private HttpResponse<String> get(String url) throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(20)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private JsonNode form(String path, Map<String, String> fields) throws Exception {
    return JSON.readTree(submit(client, issuer() + path, fields).body());
  }

  private static HttpResponse<String> submit(
      HttpClient browser, String url, Map<String, String> fields)
      throws IOException, InterruptedException {
    String body =
        fields.entrySet().stream()
            .map(one -> encoded(one.getKey()) + "=" + encoded(one.getValue()))
            .collect(Collectors.joining("&"));
    return browser.send(
        HttpRequest.newBuilder(URI.create(url))
            .timeout(Duration.ofSeconds(20))
            .header("content-type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** What the token endpoint answers to a user's password. */
  JsonNode password(String user) throws Exception {
    return form(
        "/protocol/openid-connect/token",
        Map.of(
            "grant_type", "password",
            "client_id", "cli",
            "username", user,
            "password", "password-of-" + user,
            "scope", "openid"));
  }

  /** An access token for a user's password. */
  String token(String user) throws Exception {
    JsonNode answer = password(user);
    if (!answer.has("access_token")) {
      throw new AssertionError(user + ": no token: " + answer);
    }
    return answer.get("access_token").asText();
  }

  /** An access token by the device flow (RFC 8628), with a browser in which the user agrees. */
  String tokenByDevice(String user) throws Exception {
    JsonNode device =
        form("/protocol/openid-connect/auth/device", Map.of("client_id", "cli", "scope", "openid"));
    Map<String, String> poll =
        Map.of(
            "grant_type",
            "urn:ietf:params:oauth:grant-type:device_code",
            "client_id",
            "cli",
            "device_code",
            device.get("device_code").asText());
    String before = form("/protocol/openid-connect/token", poll).path("error").asText();
    if (!before.equals("authorization_pending")) {
      throw new AssertionError("device flow before the user agreed: " + before);
    }
    agree(device.get("verification_uri_complete").asText(), user);
    return Awaitility.await("a token by the device flow")
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(1_500))
        .until(() -> form("/protocol/openid-connect/token", poll), one -> one.has("access_token"))
        .get("access_token")
        .asText();
  }

  /** Agrees as a user, in a browser, to a device that shows this address. */
  void agree(String url, String user) throws Exception {
    HttpClient browser =
        HttpClient.newBuilder()
            .cookieHandler(new Cookies())
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build();
    Page login = Page.of(browser.send(HttpRequest.newBuilder(URI.create(url)).build(), Page.TEXT));
    Page consent =
        Page.of(
            submit(
                browser,
                login.action(),
                Map.of("username", user, "password", "password-of-" + user)));
    submit(browser, consent.action(), Map.of("code", consent.code(), "accept", "Yes"));
  }

  /** Makes tokens signed by a new key from now on, and forgets the keys of before. */
  void rotateKeys() throws Exception {
    String components = "/admin/realms/fleet/components";
    JsonNode before = admin("GET", components + "?type=org.keycloak.keys.KeyProvider", "");
    admin(
        "POST",
        components,
        """
        {"name": "rotated-%d", "providerId": "rsa-generated",
         "providerType": "org.keycloak.keys.KeyProvider",
         "config": {"priority": ["%d"], "enabled": ["true"], "active": ["true"], "algorithm": ["RS256"]}}
        """
            .formatted(System.nanoTime(), 200 + before.size()));
    for (JsonNode one : before) {
      if (one.get("providerId").asText().equals("rsa-generated")) {
        admin("DELETE", components + "/" + one.get("id").asText(), "");
      }
    }
  }

  /** Lets a user sign in, or no longer. */
  void enable(String user, boolean enabled) throws Exception {
    JsonNode found = admin("GET", "/admin/realms/fleet/users?exact=true&username=" + user, "");
    admin(
        "PUT",
        "/admin/realms/fleet/users/" + found.get(0).get("id").asText(),
        "{\"enabled\": " + enabled + "}");
  }

  /** What has happened of a type since it was started anew. */
  JsonNode events(String type) throws Exception {
    return admin("GET", "/admin/realms/fleet/events?max=1000&type=" + type, "");
  }

  private JsonNode admin(String method, String path, String body) throws Exception {
    String token =
        JSON.readTree(
                submit(
                        client,
                        realm("/realms/master/protocol/openid-connect/token"),
                        Map.of(
                            "grant_type", "password",
                            "client_id", "admin-cli",
                            "username", "admin",
                            "password", "admin"))
                    .body())
            .get("access_token")
            .asText();
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(URI.create(realm(path)))
                .timeout(Duration.ofSeconds(20))
                .header("authorization", "Bearer " + token)
                .header("content-type", "application/json")
                .method(method, BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() / 100 != 2) {
      throw new AssertionError(method + " " + path + ": " + answer.statusCode() + answer.body());
    }
    return answer.body().isEmpty() ? JSON.nullNode() : JSON.readTree(answer.body());
  }

  /** Ends it, and returns when it has ended. */
  void stop() {
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        throw new AssertionError("Keycloak did not end within 30 s, see " + log);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    stop();
  }
}
