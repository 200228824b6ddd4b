package dev.fairlead.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.agent.guard.Guard;
import dev.fairlead.agent.upstream.ApiServer;
import dev.fairlead.api.Identity;
import dev.fairlead.api.auth.Authentication;
import dev.fairlead.api.auth.Authenticator;
import dev.fairlead.api.auth.BearerToken;
import dev.fairlead.examples.program.Pem;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The ClusterRole that is generated from an agent's guard, at a real API server: with nothing but
 * it, an agent serves whom its guard permits, and nobody else even if it had no guard.
 */
@ExtendWith(SharedControlPlane.class)
@TestInstance(Lifecycle.PER_CLASS)
class GuardRightsIT {

  private static final Duration DEADLINE = Duration.ofSeconds(90);
  private static final String ROLE = "fairlead-agent-rights";
  private static final String NAMESPACE = "agent-rights";
  private static final String REASON = "example.com/reason";
  private static final Guard GUARD =
      Guard.standard().onlyUsers("alice", "bob").onlyGroups("dev", "admins").onlyExtra(REASON);
  private static final Identity ALICE =
      new Identity(
          "alice", "uid-of-alice", List.of("dev", "admins"), Map.of(REASON, List.of("a-ticket")));

  private ControlPlane plane;
  private Kubectl admin;
  private Path directory;
  private String server;
  private String authority;
  private String token;
  private HttpClient http;
  private OneJvm site;

  /** Alice, with extra facts; Carol, whom the guard does not know; and an operator. */
  private static final Authenticator PEOPLE =
      credential ->
          CompletableFuture.completedFuture(
              switch (credential instanceof BearerToken bearer ? bearer.reveal() : "") {
                case "alice" -> new Authentication.Authenticated(ALICE, "alice", null);
                case "carol" -> known(Identity.user("carol").inGroups("admins"));
                case "operator" -> known(Identity.user("bob").inGroups("cluster-operators"));
                default -> new Authentication.Unknown();
              });

  private static Authentication known(Identity identity) {
    return new Authentication.Authenticated(identity, identity.username(), null);
  }

  @BeforeAll
  void start(ControlPlane shared) throws Exception {
    plane = shared;
    directory = Places.directory("guard-rights");
    admin = plane.admin();
    admin.run("create", "namespace", NAMESPACE).succeeded();
    admin.run("create", "serviceaccount", "agent", "--namespace", NAMESPACE).succeeded();
    apply(GUARD.clusterRole(ROLE));
    admin
        .run(
            "create",
            "clusterrolebinding",
            ROLE,
            "--clusterrole=" + ROLE,
            "--serviceaccount=" + NAMESPACE + ":agent")
        .succeeded();
    token =
        admin
            .run("create", "token", "agent", "--namespace", NAMESPACE, "--duration=1h")
            .succeeded()
            .stdout()
            .strip();
    server = ofKubeconfig("server");
    authority = ofKubeconfig("certificate-authority-data");
    Path ca = directory.resolve("ca.pem");
    Places.write(
        ca, new String(Base64.getDecoder().decode(authority), StandardCharsets.ISO_8859_1));
    http = HttpClient.newBuilder().sslContext(Pem.trust(ca)).build();
    awaitRights(ALICE, true);
    site = OneJvm.start(agent(), GUARD, PEOPLE, ROLES);
  }

  private static final String ROLES =
      Site.ROLES.replace("groups: [admins]", "groups: [admins, cluster-operators]");

  @AfterAll
  void stop() {
    if (site != null) {
      site.close();
    }
  }

  private void apply(String yaml) {
    Path file = Places.write(directory.resolve("role.yaml"), yaml);
    admin.run("apply", "--filename", file.toString()).succeeded();
  }

  private String ofKubeconfig(String key) {
    return admin
        .run(
            "config",
            "view",
            "--raw",
            "--flatten",
            "--output",
            "jsonpath={.clusters[0].cluster." + key + "}")
        .succeeded()
        .stdout();
  }

  /** The API server as the agent's service account. */
  private ApiServer agent() {
    String kubeconfig =
        """
        apiVersion: v1
        kind: Config
        clusters: [{name: c, cluster: {server: "%s", certificate-authority-data: %s}}]
        users: [{name: agent, user: {token: %s}}]
        contexts: [{name: c, context: {cluster: c, user: agent}}]
        current-context: c
        """
            .formatted(server, authority, token);
    return ApiServer.kubeconfig(kubeconfig, null);
  }

  private static Identity as(String user, String... groups) {
    return Identity.user(user).inGroups(groups);
  }

  /** What the API server itself says to the agent's account that acts as somebody. */
  private HttpResponse<String> directly(Identity identity) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create(server + "/apis/authentication.k8s.io/v1/selfsubjectreviews"))
            .timeout(DEADLINE)
            .header("authorization", "Bearer " + token)
            .header("content-type", "application/json")
            .header("impersonate-user", identity.username())
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"apiVersion\":\"authentication.k8s.io/v1\",\"kind\":\"SelfSubjectReview\"}"));
    identity.groups().forEach(group -> request.header("impersonate-group", group));
    if (identity.uid() != null) {
      request.header("impersonate-uid", identity.uid());
    }
    identity
        .extra()
        .forEach(
            (key, values) ->
                values.forEach(
                    value ->
                        request.header("impersonate-extra-" + key.replace("/", "%2f"), value)));
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  /** Rights reach the API server's cache a moment later. */
  private void awaitRights(Identity identity, boolean there) {
    Awaitility.await("rights to act as " + identity.username() + ": " + there)
        .atMost(DEADLINE)
        .until(() -> (directly(identity).statusCode() == 201) == there);
  }

  private Kubectl kubectl(OneJvm through, String token) {
    Path file = directory.resolve("kubeconfig-" + token + "-" + System.nanoTime());
    return new Kubectl(
        Tools.newestKubectl(), Places.write(file, through.kubeconfig(token)), directory, List.of());
  }

  @Test
  void itIsEnoughToServeWhomTheGuardPermits() {
    Kubectl alice = kubectl(site, "alice");
    assertThat(alice.run("auth", "whoami", "--output", "json").succeeded().stdout())
        .contains("\"alice\"", "\"uid-of-alice\"", "\"dev\"", "\"admins\"", REASON, "a-ticket");
    alice
        .run("create", "configmap", "hers", "--namespace", NAMESPACE, "--from-literal=a=b")
        .succeeded();
    assertThat(alice.run("get", "configmaps", "--namespace", NAMESPACE).succeeded().stdout())
        .contains("hers");
  }

  @Test
  void itIsNotEnoughToActAsAnybodyElse() throws Exception {
    for (Identity other :
        List.of(
            as("alice", "system:masters"),
            as("alice", "dev", "cluster-operators"),
            as("carol", "dev"),
            as("system:admin"),
            as("system:kube-controller-manager"),
            as("system:serviceaccount:kube-system:default"),
            new Identity("alice", null, List.of(), Map.of("other", List.of("x"))))) {
      HttpResponse<String> answer = directly(other);
      assertThat(answer.statusCode()).as("%s: %s", other, answer.body()).isEqualTo(403);
      assertThat(answer.body()).contains("cannot impersonate");
    }
  }

  @Test
  void itGivesTheAgentNothingOfItsOwn() throws Exception {
    for (String path :
        List.of(
            "/api/v1/namespaces/" + NAMESPACE + "/configmaps",
            "/api/v1/secrets",
            "/api/v1/nodes",
            "/apis/rbac.authorization.k8s.io/v1/clusterroles")) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(server + path))
              .timeout(DEADLINE)
              .header("authorization", "Bearer " + token)
              .build();
      assertThat(http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
          .as(path)
          .isEqualTo(403);
    }
  }

  @Test
  void withoutAnyOneOfItsRulesItIsTooLittle() {
    String whole = GUARD.clusterRole(ROLE + "-part");
    String[] parts = whole.split("(?m)^  - ");
    assertThat(parts).hasSize(5);
    String account = NAMESPACE + ":partial";
    admin.run("create", "serviceaccount", "partial", "--namespace", NAMESPACE).succeeded();
    apply(whole);
    admin
        .run(
            "create",
            "clusterrolebinding",
            ROLE + "-part",
            "--clusterrole=" + ROLE + "-part",
            "--serviceaccount=" + account)
        .succeeded();
    String kept = token;
    token =
        admin
            .run("create", "token", "partial", "--namespace", NAMESPACE, "--duration=1h")
            .succeeded()
            .stdout()
            .strip();
    try {
      for (int left = 1; left < parts.length; left++) {
        apply(whole);
        awaitRights(ALICE, true);
        List<String> rest = new ArrayList<>(List.of(parts));
        rest.remove(left);
        apply(String.join("  - ", rest));
        awaitRights(ALICE, false);
      }
    } finally {
      token = kept;
    }
  }

  @Test
  void agentWithoutThatGuardIsHeldByTheApiServer() throws Exception {
    try (OneJvm lax = OneJvm.start(agent(), Guard.standard(), PEOPLE, ROLES)) {
      kubectl(lax, "alice").run("get", "configmaps", "--namespace", NAMESPACE).succeeded();
      for (String other : List.of("carol", "operator")) {
        assertThat(
                kubectl(lax, other)
                    .run("get", "configmaps", "--namespace", NAMESPACE)
                    .failed()
                    .stderr())
            .contains("cannot impersonate");
        assertThat(
                kubectl(site, other)
                    .run("get", "configmaps", "--namespace", NAMESPACE)
                    .failed()
                    .stderr())
            .contains("the agent of this cluster is configured to act for certain");
      }
    }
  }
}
