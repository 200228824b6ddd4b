package dev.fairlead.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.fairlead.agent.FairleadAgent;
import dev.fairlead.agent.upstream.ApiServer;
import dev.fairlead.api.ClusterName;
import dev.fairlead.api.audit.AuditEvent;
import dev.fairlead.api.auth.Authentication;
import dev.fairlead.api.auth.BearerToken;
import dev.fairlead.auth.local.FirstAdministrator;
import dev.fairlead.auth.local.IssuedTokens;
import dev.fairlead.auth.local.LocalUser;
import dev.fairlead.auth.local.LocalUsers;
import dev.fairlead.auth.oidc.Claim;
import dev.fairlead.auth.oidc.OidcAuthenticator;
import dev.fairlead.auth.oidc.OidcIssuer;
import dev.fairlead.core.audit.MemoryAuditSink;
import dev.fairlead.core.authorization.Roles;
import dev.fairlead.core.memory.InMemoryTransport;
import dev.fairlead.core.store.MemoryStores;
import dev.fairlead.testkit.cluster.DemoCluster;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Accounts of a hub's own as users and as other services see them. */
class EmbeddedAccountsTest {

  private static final String PASSWORD = "a long password";

  private final MemoryAuditSink audit = new MemoryAuditSink(1_000);
  private final InMemoryTransport transport = InMemoryTransport.create();
  private EmbeddedAccounts embedded;
  private FirstAdministrator first;

  @BeforeEach
  void start() throws IOException {
    Roles roles =
        Roles.parse(
            """
            roles:
              - name: reader
                rules:
                  - clusters: [dev]
                    namespaces: ["*"]
                    apiGroups: [""]
                    resources: [pods]
                    verbs: [get, list, watch]
            bindings:
              - role: reader
                groups: ["local:administrator"]
            """,
            "test");
    embedded =
        new EmbeddedAccounts(transport.hub(), MemoryStores.create(), audit, roles, freePort());
    first = embedded.start().orElseThrow();
  }

  @AfterEach
  void stop() {
    embedded.close();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private FrontDoorUser user(String token) {
    return new FrontDoorUser(embedded.gateway.port(), token, embedded.hub.caCertificate());
  }

  private String signIn() throws Exception {
    HttpResponse<String> answer =
        user("none")
            .post(
                "/auth/login",
                "{\"email\":\"%s\",\"password\":\"%s\"}"
                    .formatted(first.email(), first.password()));
    assertThat(answer.statusCode()).isEqualTo(200);
    return text("access_token", answer.body());
  }

  private static String text(String name, String json) throws IOException {
    try (JsonParser in = new JsonFactory().createParser(json)) {
      while (in.nextToken() != null) {
        if (in.currentToken() == JsonToken.VALUE_STRING && name.equals(in.currentName())) {
          return in.getText();
        }
      }
    }
    throw new AssertionError(name + " is missing");
  }

  @Test
  void accessTokenOpensTheDoorUntilItsUserIsOut() throws Exception {
    FrontDoorUser administrator = user(signIn());
    String pods = "/clusters/dev/api/v1/pods";
    assertThat(user("none").get(pods).statusCode()).isEqualTo(401);
    assertThat(administrator.get(pods).statusCode())
        .as("authorised, and no such cluster")
        .isNotIn(401, 403);
    assertThat(administrator.get("/clusters/dev/api/v1/secrets").statusCode()).isEqualTo(403);
    HttpResponse<String> added =
        administrator.post(
            "/users",
            "{\"email\":\"jane@example.com\",\"password\":\"a long password\",\"roles\":[\"administrator\"]}");
    assertThat(added.statusCode()).isEqualTo(201);
    String id = embedded.accounts.users().list().get(0).id();
    embedded.accounts.users().setDisabled(id, true);
    assertThat(administrator.get(pods).statusCode()).isEqualTo(401);
    assertThat(audit.events().toString()).doesNotContain("a long password");
  }

  @Test
  void whatRunsEndsWithTheSessionTheRoleOrTheUser() throws Exception {
    LocalUsers users = embedded.accounts.users();
    LocalUser jane = users.add("jane@example.com", PASSWORD, List.of("administrator"));
    LocalUser joe = users.add("joe@example.com", PASSWORD, List.of("administrator"));
    try (DemoCluster cluster = DemoCluster.builder().build().start();
        FairleadAgent agent = agent(cluster)) {
      agent.awaitConnected(Duration.ofSeconds(30));
      endsBy(jane, tokens -> embedded.accounts.signOut(tokens.refreshToken()));
      endsBy(jane, tokens -> users.setDisabled(jane.id(), true));
      endsBy(joe, tokens -> users.setRoles(joe.id(), List.of()));
    }
  }

  private FairleadAgent agent(DemoCluster cluster) {
    FairleadAgent agent =
        FairleadAgent.builder()
            .dial(transport.agent())
            .pinning(embedded.hub.pin())
            .enrolWith(embedded.hub.fleet().issueInstallToken(ClusterName.of("dev")).token())
            .keepInMemory()
            .cluster(ApiServer.kubeconfig(cluster.kubeconfig(), null))
            .drainFor(Duration.ZERO)
            .build();
    agent.start();
    return agent;
  }

  private void endsBy(LocalUser user, Consumer<IssuedTokens> revocation) throws Exception {
    IssuedTokens tokens = embedded.accounts.signIn(user.email(), PASSWORD, "");
    CompletableFuture<HttpResponse<String>> watch =
        user(tokens.accessToken()).follow("/clusters/dev/api/v1/pods?watch=true");
    String credential = "local-session/" + tokens.sessionId();
    await(
        () ->
            audit.events().stream()
                .anyMatch(
                    event ->
                        event.stage() == AuditEvent.Stage.RESPONSE_STARTED
                            && credential.equals(
                                event.annotations().get("fairlead.dev/credential"))));
    assertThat(watch).isNotDone();
    revocation.accept(tokens);
    watch.handle((answer, failure) -> "ended").get(30, TimeUnit.SECONDS);
  }

  private static void await(BooleanSupplier met) {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!met.getAsBoolean() && System.nanoTime() < until) {
      LockSupport.parkNanos(5_000_000);
    }
    assertThat(met.getAsBoolean()).isTrue();
  }

  @Test
  void othersTrustTheHubAsAnyIssuer() throws Exception {
    String issuer = "https://localhost:" + embedded.gateway.port();
    try (OidcAuthenticator service =
        OidcAuthenticator.builder()
            .issuer(
                OidcIssuer.of(issuer)
                    .audience("fairlead")
                    .username(Claim.of("email").prefixedBy("hub:"))
                    .groups(Claim.of("groups").prefixedBy("hub:")))
            .trusting(List.of(embedded.hub.caCertificate()))
            .build()) {
      for (int round = 0; round < 2; round++) {
        assertThat(
                service
                    .authenticate(BearerToken.of(signIn()))
                    .toCompletableFuture()
                    .get(30, TimeUnit.SECONDS))
            .isInstanceOfSatisfying(
                Authentication.Authenticated.class,
                found -> {
                  assertThat(found.identity().username()).isEqualTo("hub:admin@example.com");
                  assertThat(found.identity().groups()).containsExactly("hub:local:administrator");
                });
        embedded.accounts.rotateSigningKey();
      }
    }
  }
}
