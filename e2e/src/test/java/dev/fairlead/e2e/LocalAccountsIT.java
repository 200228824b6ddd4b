package dev.fairlead.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fairlead.examples.program.Pem;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;

/** A place without an issuer: a real kubectl with accounts that the hub keeps itself. */
@ExtendWith(SharedControlPlane.class)
@TestInstance(Lifecycle.PER_CLASS)
class LocalAccountsIT {

  private static final Duration DEADLINE = Duration.ofSeconds(90);
  private static final Duration LIVE = Duration.ofSeconds(5);
  private static final String NAMESPACE = "accounts";
  private static final String ROOT = "root@example.com";
  private static final String JANE = "jane@example.com";
  private static final String PASSWORD = "correct horse battery staple";
  private static final String ROLES = Site.ROLES.replace("[admins]", "[\"local:dev\"]");
  private static final Pattern SHOWN =
      Pattern.compile("first administrator: (\\S+), password: (\\S+) \\(shown this once\\)");
  private static final String EXEC_INFO =
      "{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"kind\":\"ExecCredential\","
          + "\"spec\":{\"interactive\":false}}";
  private static final ObjectMapper JSON = new ObjectMapper();

  private Site site;
  private HttpClient http;

  @BeforeAll
  void start(ControlPlane plane) throws Exception {
    plane.admin().run("create", "namespace", NAMESPACE).succeeded();
    plane
        .admin()
        .run(
            "create",
            "clusterrolebinding",
            "local-dev",
            "--clusterrole=cluster-admin",
            "--group=local:dev")
        .succeeded();
    Kubectl admin = plane.admin().with("--namespace", NAMESPACE);
    Awaitility.await("service account")
        .atMost(DEADLINE)
        .until(() -> admin.run("get", "serviceaccount", "default").exitCode() == 0);
    admin.run("run", "kept", "--image=example.com/kept:1").succeeded();
    admin.run("create", "configmap", "seen", "--from-literal=by=jane").succeeded();
    admin.run("wait", "--for=condition=Ready", "pod/kept", "--timeout=80s").succeeded();
    site =
        Site.start(
            "local-accounts",
            ROLES,
            Map.of("real", plane),
            "--local-accounts",
            "https://localhost",
            "--first-administrator",
            ROOT,
            "--administrator-groups",
            "local:administrator");
    http = HttpClient.newBuilder().sslContext(Pem.trust(site.hub().ca())).build();
  }

  @AfterAll
  void stop() {
    if (site != null) {
      site.close();
    }
  }

  @Test
  void accountsLastFromTheFirstAdministratorToTheLastCommandOfADisabledUser() throws Exception {
    Matcher first = SHOWN.matcher(hubLog());
    assertThat(first.find()).isTrue();
    assertThat(first.group(1)).isEqualTo(ROOT);
    site.hub().kill();
    site.hub().startAgain();
    assertThat(SHOWN.matcher(hubLog()).results()).as("shown in all starts").hasSize(1);

    Person root = Person.in(site);
    root.loginByPassword(ROOT, first.group(2)).succeeded();
    String token = token(root);
    String jane =
        rest(token, "POST", "/users", Map.of("email", JANE, "password", PASSWORD), 201)
            .path("id")
            .asText();

    Person person = Person.in(site);
    assertThat(person.loginByPassword(JANE, PASSWORD + "r").failed().stderr())
        .contains("another password");
    person.loginByPassword(JANE, PASSWORD).succeeded();
    assertThat(person.fairlead("whoami").run(DEADLINE).succeeded().stdout())
        .contains("local:" + JANE);
    rest(token, "PUT", "/users/" + jane + "/roles", Map.of("roles", List.of("dev")), 200);
    Awaitility.await("the cluster in her kubeconfig")
        .atMost(DEADLINE)
        .until(
            () ->
                person.fairlead("kubeconfig", "--use", "real").run(DEADLINE).exitCode() == 0
                    && person.kubectl("get", "namespaces").run(DEADLINE).exitCode() == 0);
    Outcome whoami = person.kubectl("auth", "whoami", "--output", "json").run(DEADLINE);
    assertThat(whoami.succeeded().stdout())
        .contains("\"username\": \"local:" + JANE + "\"", "\"local:dev\"", jane);

    rest(token, "PUT", "/users/" + jane + "/roles", Map.of("roles", List.of("visitor")), 200);
    Awaitility.await("the hub's refusal")
        .atMost(DEADLINE)
        .until(
            () ->
                person
                    .kubectl("get", "configmaps", "--namespace", NAMESPACE)
                    .run(DEADLINE)
                    .stderr()
                    .contains("on cluster real"));
    rest(token, "PUT", "/users/" + jane + "/roles", Map.of("roles", List.of("dev")), 200);
    Awaitility.await("allowed again")
        .atMost(DEADLINE)
        .until(() -> person.kubectl("get", "namespaces").run(DEADLINE).exitCode() == 0);

    try (Running watch =
            person
                .kubectl("get", "configmaps", "--namespace", NAMESPACE, "--watch", "--output=name")
                .start();
        Running exec =
            person
                .kubectl(
                    "exec",
                    "kept",
                    "--namespace",
                    NAMESPACE,
                    "--",
                    "sh",
                    "-c",
                    "echo on; sleep 600")
                .start()) {
      watch.awaitStdout(text -> text.contains("configmap/seen"), DEADLINE);
      exec.awaitStdout(text -> text.contains("on"), DEADLINE);
      rest(token, "PATCH", "/users/" + jane, Map.of("disabled", true), 200);
      assertThat(exec.awaitEnd(DEADLINE).failed().stderr())
          .contains("ended by the hub: the user was disabled");
      watch.awaitEnd(DEADLINE);
    }
    JsonNode disabled =
        recorded(event -> of(event, "patch", "users") && complete(event), "the administration");
    assertThat(disabled.path("user").path("username").asText()).isEqualTo("local:" + ROOT);
    for (String what : List.of("configmaps", "pods")) {
      JsonNode end =
          recorded(
              event ->
                  complete(event)
                      && event.path("objectRef").path("resource").asText().equals(what)
                      && annotation(event, "revoked").equals("the user was disabled"),
              "the end of what lasted on " + what);
      assertThat(end.path("user").path("username").asText()).isEqualTo("local:" + JANE);
      assertThat(Duration.between(at(disabled), at(end))).isLessThanOrEqualTo(LIVE);
    }

    assertThat(person.kubectl("get", "namespaces").run(DEADLINE).failed().stderr())
        .containsAnyOf("fairlead login", "Unauthorized");
    person.loginByPassword(JANE, PASSWORD).failed();
    rest(token, "PATCH", "/users/" + jane, Map.of("disabled", false), 200);
    person.loginByPassword(JANE, PASSWORD).succeeded();
    assertThat(hubAudit()).doesNotContain(PASSWORD, token, first.group(2));
  }

  @Test
  void administratorsOfAccountsAdministerRolesWhereTheHubWasToldSo() throws Exception {
    Person root = Person.in(site);
    Matcher first = SHOWN.matcher(hubLog());
    assertThat(first.find()).isTrue();
    root.loginByPassword(ROOT, first.group(2)).succeeded();
    assertThat(rest(token(root), "GET", "/roles", null, 200).path("bindings")).isNotEmpty();
    rest("none", "GET", "/roles", null, 401);
  }

  /** The token that kubectl would get. */
  private static String token(Person person) throws IOException {
    Outcome credential =
        person
            .fairlead("credential", "--hub", person.hub())
            .env("KUBERNETES_EXEC_INFO", EXEC_INFO)
            .run(DEADLINE);
    return JSON.readTree(credential.succeeded().stdout()).path("status").path("token").asText();
  }

  private JsonNode rest(String token, String method, String path, Object body, int expected)
      throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("https://" + site.hub().users() + path))
            .timeout(DEADLINE)
            .header("authorization", "Bearer " + token)
            .header("content-type", "application/json")
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)))
            .build();
    HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode())
        .as("%s %s: %s", method, path, answer.body())
        .isEqualTo(expected);
    return JSON.readTree(answer.body());
  }

  private String hubLog() throws IOException {
    return Files.readString(site.directory().resolve("hub.log"));
  }

  private String hubAudit() throws IOException {
    return Files.readString(site.directory().resolve("hub/audit.log"));
  }

  /** The newest record of a kind, which is waited for. */
  private JsonNode recorded(Predicate<JsonNode> kind, String what) {
    return Awaitility.await(what)
        .atMost(DEADLINE)
        .until(
            () -> {
              JsonNode found = null;
              for (String line : hubAudit().lines().toList()) {
                // The last line may be half written.
                if (line.endsWith("}")) {
                  JsonNode event = JSON.readTree(line);
                  found = kind.test(event) ? event : found;
                }
              }
              return found;
            },
            found -> found != null);
  }

  private static boolean of(JsonNode event, String verb, String resource) {
    return event.path("verb").asText().equals(verb)
        && event.path("objectRef").path("resource").asText().equals(resource);
  }

  private static boolean complete(JsonNode event) {
    return event.path("stage").asText().equals("ResponseComplete");
  }

  private static String annotation(JsonNode event, String key) {
    return event.path("annotations").path("fairlead.dev/" + key).asText();
  }

  private static Instant at(JsonNode event) {
    return Instant.parse(event.path("stageTimestamp").asText());
  }
}
