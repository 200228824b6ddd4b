package dev.fairlead.gateway;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.ClusterStatus;
import dev.fairlead.api.Identity;
import dev.fairlead.api.auth.Authentication;
import dev.fairlead.api.auth.Authenticator;
import dev.fairlead.api.auth.BearerToken;
import dev.fairlead.core.audit.MemoryAuditSink;
import dev.fairlead.core.authorization.Roles;
import dev.fairlead.core.door.RestPages;
import dev.fairlead.core.hub.FairleadHub;
import dev.fairlead.core.memory.InMemoryTransport;
import dev.fairlead.core.metrics.MemoryMetrics;
import dev.fairlead.testkit.raw.RawClient;
import dev.fairlead.testkit.raw.RawHttp2Client;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A hub with a front door, and a cluster {@code dev} whose agent is scripted. */
final class GatewayFixture implements AutoCloseable {

  private static final Map<String, Identity> USERS =
      Map.of(
          "alice-token", new Identity("alice", "u1", java.util.List.of("dev"), Map.of()),
          "bob-token", Identity.user("bob"),
          "root-token", Identity.user("root").inGroups("system:masters"));

  final MemoryAuditSink audit = new MemoryAuditSink(1_000);
  final MemoryMetrics metrics = new MemoryMetrics();
  final InMemoryTransport memory = InMemoryTransport.create();
  final FairleadHub hub;
  final Gateway gateway;
  final ScriptedAgent agent;

  GatewayFixture() throws InterruptedException {
    this(credential -> CompletableFuture.completedStage(new Authentication.Unknown()));
  }

  /** With another authenticator beside the one that knows the tokens of the users. */
  GatewayFixture(Authenticator other) throws InterruptedException {
    this(other, new RestPages[0]);
  }

  /** With pages beside the clusters. */
  static GatewayFixture serving(RestPages... pages) throws InterruptedException {
    return new GatewayFixture(
        credential -> CompletableFuture.completedStage(new Authentication.Unknown()), pages);
  }

  private GatewayFixture(Authenticator other, RestPages... pages) throws InterruptedException {
    Authenticator tokens =
        credential -> {
          Identity identity =
              credential instanceof BearerToken token ? USERS.get(token.reveal()) : null;
          return CompletableFuture.completedStage(
              identity == null
                  ? new Authentication.Unknown()
                  : new Authentication.Authenticated(identity, "test", null));
        };
    hub =
        FairleadHub.builder()
            .transport(memory.hub())
            .authenticator(tokens)
            .authenticator(other)
            .serviceAccounts(ClusterName.of("dev"), "fairlead-dev")
            .serviceAccounts(ClusterName.of("gone"), "fairlead-gone")
            .authorizer(
                Roles.parse(
                    """
                    roles:
                      - name: developer
                        rules:
                          - clusters: [dev, gone]
                            namespaces: ["*"]
                            apiGroups: [""]
                            resources: [pods, pods/exec, pods/log, configmaps]
                            verbs: [get, list, watch, create, update]
                      - name: token-reviewer
                        rules:
                          - clusters: [dev, gone]
                            namespaces: ["*"]
                            apiGroups: [authentication.k8s.io]
                            resources: [tokenreviews]
                            verbs: [create]
                    bindings:
                      - role: token-reviewer
                        users: ["fairlead:token-review"]
                      - role: developer
                        groups: [dev]
                    """,
                    "test"))
            .audit(audit)
            .metrics(metrics)
            .keepInMemory()
            .drainFor(Duration.ofSeconds(1))
            .build();
    hub.start();
    hub.fleet().issueInstallToken(ClusterName.of("dev"));
    hub.fleet().issueInstallToken(ClusterName.of("gone"));
    audit.clear();
    gateway =
        Gateway.builder(hub)
            .listen("127.0.0.1", 0)
            .tlsByHub("127.0.0.1", "localhost")
            .hosts("hub.test")
            .drainFor(Duration.ofSeconds(1))
            .serve(pages)
            .build();
    gateway.start();
    agent = connect("a1");
  }

  /** Connects an agent of cluster {@code dev} and waits until the fleet shows it. */
  ScriptedAgent connect(String id) throws InterruptedException {
    ScriptedAgent connecting = new ScriptedAgent(memory, "dev", id);
    connecting.open.orTimeout(10, TimeUnit.SECONDS).join();
    awaitStatus(ClusterStatus.CONNECTED);
    return connecting;
  }

  /** A new connection of HTTP/1.1. */
  RawClient client() throws GeneralSecurityException, IOException {
    return RawClient.connect(hub.caCertificate(), gateway.port());
  }

  /** A new connection of HTTP/2. */
  RawHttp2Client http2Client() throws GeneralSecurityException, IOException {
    return RawHttp2Client.connect(hub.caCertificate(), gateway.port());
  }

  void awaitStatus(ClusterStatus expected) throws InterruptedException {
    try (var watch = hub.fleet().watch()) {
      while (hub.cluster("dev").status() != expected) {
        if (watch.next(Duration.ofSeconds(10)).isEmpty()) {
          throw new AssertionError("dev is " + hub.cluster("dev").status() + ", not " + expected);
        }
      }
    }
  }

  @Override
  public void close() {
    agent.close();
    gateway.close();
    hub.close();
  }
}
