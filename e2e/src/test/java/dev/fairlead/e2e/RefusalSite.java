package dev.fairlead.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.agent.FairleadAgent;
import dev.fairlead.agent.upstream.ApiServer;
import dev.fairlead.api.ClusterName;
import dev.fairlead.api.Identity;
import dev.fairlead.api.audit.AuditEvent;
import dev.fairlead.api.audit.AuditSink;
import dev.fairlead.api.auth.Authentication;
import dev.fairlead.api.auth.BearerToken;
import dev.fairlead.api.transport.HubTransport;
import dev.fairlead.auth.oidc.Claim;
import dev.fairlead.auth.oidc.OidcAuthenticator;
import dev.fairlead.auth.oidc.OidcIssuer;
import dev.fairlead.auth.oidc.SignatureAlgorithm;
import dev.fairlead.core.audit.MemoryAuditSink;
import dev.fairlead.core.authentication.StaticTokens;
import dev.fairlead.core.authorization.Roles;
import dev.fairlead.core.hub.FairleadHub;
import dev.fairlead.gateway.Gateway;
import dev.fairlead.testkit.raw.RawClient;
import dev.fairlead.testkit.raw.RawHttp2Client;
import dev.fairlead.transport.grpc.GrpcTransport;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A hub with its front door, and agents over gRPC: of cluster {@code real} before the real API
 * server, of {@code liar} before one that lies. Cluster {@code gone} has none.
 */
final class RefusalSite implements AutoCloseable {

  /** May touch deployments of one group, and nothing else. */
  static final String ERIN = "token-of-erin-0123456789abcdef";

  /** May get and list pods and get their subresources, not watch or create. */
  static final String FRANK = "token-of-frank-0123456789abcdef";

  /** Holds for two seconds, and is somebody who may do everything. */
  static final String BRIEF = "token-of-brief-0123456789abcdef";

  private static final String MORE_ROLES =
      """
        - role: deployer
          users: [erin]
        - role: looker
          users: [frank]
        - role: everything
          users: [brief]
      """;

  private static final String ROLES =
      Site.ROLES.replace(
              "bindings:\n",
              """
                - name: deployer
                  rules:
                    - clusters: ["*"]
                      namespaces: ["*"]
                      apiGroups: [apps]
                      resources: [deployments]
                      verbs: ["*"]
                - name: looker
                  rules:
                    - clusters: ["*"]
                      namespaces: ["*"]
                      apiGroups: [""]
                      resources: [pods, pods/*]
                      verbs: [get, list]
              bindings:
              """)
          + MORE_ROLES;

  /** Records, or fails for as long as a test wants. */
  static final class Trail implements AuditSink {
    final MemoryAuditSink kept = new MemoryAuditSink(100_000);
    volatile boolean broken;

    @Override
    public CompletionStage<Void> append(AuditEvent event) {
      return broken
          ? CompletableFuture.failedStage(new IllegalStateException("disk full"))
          : kept.append(event);
    }

    @Override
    public void close() {
      kept.close();
    }
  }

  final ControlPlane plane;
  final TestIssuer issuer = new TestIssuer();
  final LyingApiServer liar = new LyingApiServer();
  final Trail audit = new Trail();
  final FairleadHub hub;
  final Gateway gateway;
  final String agents;
  private final FairleadAgent real;
  private final FairleadAgent lying;

  RefusalSite(ControlPlane plane) throws InterruptedException {
    this.plane = plane;
    HubTransport door = GrpcTransport.listen(0);
    hub =
        FairleadHub.builder()
            .transport(door)
            .authenticator(StaticTokens.load(tokens()))
            .authenticator(
                OidcAuthenticator.builder()
                    .issuer(trusted(issuer.url()))
                    .issuer(trusted(issuer.url() + "/mismatch"))
                    .issuer(trusted(issuer.url() + "/redirect"))
                    .issuer(trusted(issuer.url() + "/endless"))
                    .sharedNames()
                    .build())
            .authenticator(
                credential ->
                    CompletableFuture.completedStage(
                        credential instanceof BearerToken token && token.reveal().equals(BRIEF)
                            ? new Authentication.Authenticated(
                                new Identity("brief", null, List.of("admins"), java.util.Map.of()),
                                "brief",
                                Instant.now().plusSeconds(2))
                            : new Authentication.Unknown()))
            .authorizer(Roles.parse(ROLES, "roles"))
            .audit(audit)
            .keepInMemory()
            .drainFor(Duration.ZERO)
            .build();
    hub.start();
    agents = door.address();
    gateway =
        Gateway.builder(hub)
            .listen("127.0.0.1", 0)
            .tlsByHub("127.0.0.1")
            .hosts("hub.test")
            .drainFor(Duration.ZERO)
            .build();
    gateway.start();
    hub.fleet().issueInstallToken(ClusterName.of("gone"));
    real = agent("real", ApiServer.kubeconfig(plane.adminKubeconfig()));
    lying = agent("liar", liar.address());
  }

  private static OidcIssuer trusted(String url) {
    return OidcAuthenticator.issuer(url)
        .audience("fairlead")
        .authorizedParty("kubectl")
        .algorithms(SignatureAlgorithm.RS256, SignatureAlgorithm.ES256)
        .groups(Claim.of("groups"));
  }

  private static Path tokens() {
    StringBuilder lines = new StringBuilder();
    for (User user : User.values()) {
      lines.append(user.tokenLine());
    }
    lines.append(ERIN).append(",erin,erin\n").append(FRANK).append(",frank,frank\n");
    return Places.write(Places.directory("refusals").resolve("tokens.csv"), lines.toString());
  }

  /** Starts an agent of a cluster, and returns when it is connected. */
  FairleadAgent agent(String cluster, ApiServer server) throws InterruptedException {
    FairleadAgent agent =
        FairleadAgent.builder()
            .dial(GrpcTransport.to("localhost", agentPort()))
            .pinning(hub.pin())
            .enrolWith(hub.fleet().issueInstallToken(ClusterName.of(cluster)).token())
            .keepInMemory()
            .cluster(server)
            .drainFor(Duration.ZERO)
            .build();
    agent.start();
    agent.awaitConnected(Duration.ofSeconds(60));
    return agent;
  }

  int agentPort() {
    return Integer.parseInt(agents.substring(agents.lastIndexOf(':') + 1));
  }

  RawClient client() throws GeneralSecurityException, IOException {
    return RawClient.connect(hub.caCertificate(), gateway.port());
  }

  RawHttp2Client http2Client() throws GeneralSecurityException, IOException {
    return RawHttp2Client.connect(hub.caCertificate(), gateway.port());
  }

  /** Sends a request that is allowed, whose record says that all before it is on record. */
  void marker(String mark) throws Exception {
    try (RawClient client = client()) {
      assertThat(client.send(Wire.get("/clusters/real" + path(mark), User.ALICE.token())).head())
          .as("another user is served")
          .startsWith("HTTP/1.1 200");
    }
  }

  static String path(String mark) {
    return "/api/v1/namespaces/after-" + mark + "/configmaps";
  }

  /** That of all that was sent since the trail began nothing but the marker arrived. */
  void nothingArrived(ApiServerTrail trail, String mark) throws Exception {
    marker(mark);
    assertThat(trail.until("after-" + mark))
        .filteredOn(line -> ApiServerTrail.isOfTheAgent(line) || line.contains(mark))
        .filteredOn(line -> !line.contains("\"requestURI\":\"" + path("meanwhile") + "\""))
        .as("what reached the API server")
        .allMatch(line -> line.contains("\"requestURI\":\"" + path(mark) + "\""))
        .hasSize(1);
  }

  @Override
  public void close() {
    lying.close();
    real.close();
    gateway.close();
    hub.close();
    liar.close();
    issuer.close();
  }
}
