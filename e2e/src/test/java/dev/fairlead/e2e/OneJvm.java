package dev.fairlead.e2e;

import dev.fairlead.agent.FairleadAgent;
import dev.fairlead.agent.guard.Guard;
import dev.fairlead.agent.upstream.ApiServer;
import dev.fairlead.api.ClusterName;
import dev.fairlead.api.auth.Authenticator;
import dev.fairlead.core.audit.MemoryAuditSink;
import dev.fairlead.core.authentication.StaticTokens;
import dev.fairlead.core.authorization.Roles;
import dev.fairlead.core.hub.FairleadHub;
import dev.fairlead.core.memory.InMemoryTransport;
import dev.fairlead.examples.program.Pem;
import dev.fairlead.gateway.Gateway;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;

/** Hub, front door and agent in this JVM, with the tunnel over the in-memory transport. */
final class OneJvm implements AutoCloseable {

  private final FairleadHub hub;
  private final Gateway gateway;
  private final FairleadAgent agent;

  private OneJvm(FairleadHub hub, Gateway gateway, FairleadAgent agent) {
    this.hub = hub;
    this.gateway = gateway;
    this.agent = agent;
  }

  static OneJvm start(ControlPlane plane) throws InterruptedException {
    Path directory = Places.directory("one-jvm");
    Path tokens = Places.write(directory.resolve("tokens.csv"), User.ALICE.tokenLine());
    return start(plane, StaticTokens.load(tokens), Site.ROLES);
  }

  /** The same with users and roles of a test's own. */
  static OneJvm start(ControlPlane plane, Authenticator users, String roles)
      throws InterruptedException {
    return start(
        ApiServer.kubeconfig(plane.adminKubeconfig(), null), Guard.standard(), users, roles);
  }

  /** The same with an agent that is somebody else in the cluster, and has a guard of its own. */
  static OneJvm start(ApiServer cluster, Guard guard, Authenticator users, String roles)
      throws InterruptedException {
    InMemoryTransport transport = InMemoryTransport.create();
    FairleadHub hub =
        FairleadHub.builder()
            .transport(transport.hub())
            .authenticator(users)
            .authorizer(Roles.parse(roles, "roles"))
            .audit(new MemoryAuditSink(10_000))
            .keepInMemory()
            .drainFor(Duration.ofSeconds(1))
            .build();
    hub.start();
    hub.fleet().issueInstallToken(ClusterName.of("real"));
    Gateway gateway =
        Gateway.builder(hub)
            .listen("127.0.0.1", 0)
            .tlsByHub("127.0.0.1")
            .drainFor(Duration.ofSeconds(1))
            .build();
    gateway.start();
    FairleadAgent agent =
        FairleadAgent.builder()
            .dial(transport.agent(ClusterName.of("real"), "in-process"))
            .withoutCredentials()
            .cluster(cluster)
            .guard(guard)
            .drainFor(Duration.ofSeconds(1))
            .build();
    agent.start();
    agent.awaitConnected(Duration.ofSeconds(20));
    return new OneJvm(hub, gateway, agent);
  }

  FairleadHub hub() {
    return hub;
  }

  /** The text of a kubeconfig with a token, through the front door. */
  String kubeconfig(String token) {
    return Site.kubeconfig(
        "127.0.0.1:" + gateway.port(),
        "real",
        "user",
        token,
        Pem.of(hub.caCertificate()).getBytes(StandardCharsets.UTF_8));
  }

  /** Fabric8's client as Alice, through the front door, with one of its HTTP back ends. */
  KubernetesClient client(String namespace, HttpClient.Factory http) {
    byte[] ca = Pem.of(hub.caCertificate()).getBytes(StandardCharsets.UTF_8);
    Config config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl("https://127.0.0.1:" + gateway.port() + "/clusters/real")
            .withCaCertData(Base64.getEncoder().encodeToString(ca))
            .withOauthToken(User.ALICE.token())
            .withNamespace(namespace)
            .build();
    return new KubernetesClientBuilder().withConfig(config).withHttpClientFactory(http).build();
  }

  @Override
  public void close() {
    agent.close();
    gateway.close();
    hub.close();
  }
}
