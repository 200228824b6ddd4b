package dev.fairlead.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.agent.FairleadAgent;
import dev.fairlead.agent.upstream.ApiServer;
import dev.fairlead.api.ClusterName;
import dev.fairlead.api.Identity;
import dev.fairlead.core.apikey.ApiKeyOrder;
import dev.fairlead.core.audit.MemoryAuditSink;
import dev.fairlead.core.authorization.Roles;
import dev.fairlead.core.authorization.Rule;
import dev.fairlead.core.hub.FairleadHub;
import dev.fairlead.core.memory.InMemoryTransport;
import dev.fairlead.gateway.Gateway;
import dev.fairlead.testkit.cluster.DemoCluster;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How to test a service that embeds a hub: fleet and users in one JVM, no network between them. */
class InMemoryFleetTest {

  private static final ClusterName DEV = ClusterName.of("dev");
  private static final Rule READ_PODS_ON_DEV =
      Rule.builder()
          .clusters("dev")
          .namespaces("*")
          .apiGroups("")
          .resources("pods")
          .verbs("get", "list")
          .build();

  private final InMemoryTransport transport = InMemoryTransport.create();
  private final MemoryAuditSink audit = new MemoryAuditSink(1_000);
  private final DemoCluster cluster = DemoCluster.builder().build();
  private final FairleadHub hub =
      FairleadHub.builder()
          .transport(transport.hub())
          .authorizer(
              Roles.builder().role("reader", READ_PODS_ON_DEV).bindUsers("reader", "alice").build())
          .audit(audit)
          .keepInMemory()
          .drainFor(Duration.ZERO)
          .build();
  private final Gateway gateway =
      Gateway.builder(hub)
          .listen("127.0.0.1", 0)
          .tlsByHub("localhost")
          .drainFor(Duration.ZERO)
          .build();
  private FairleadAgent agent;

  @BeforeEach
  void start() throws Exception {
    cluster.start();
    hub.start();
    gateway.start();
    agent =
        FairleadAgent.builder()
            .dial(transport.agent())
            .pinning(hub.pin())
            .enrolWith(hub.fleet().issueInstallToken(DEV).token())
            .keepInMemory()
            .cluster(ApiServer.kubeconfig(cluster.kubeconfig(), null))
            .drainFor(Duration.ZERO)
            .build();
    agent.start();
    agent.awaitConnected(Duration.ofSeconds(30));
  }

  @AfterEach
  void stop() {
    agent.close();
    gateway.close();
    hub.close();
    cluster.close();
  }

  private FrontDoorUser user(String name) {
    String token =
        hub.apiKeys()
            .issue(ApiKeyOrder.forUser(Identity.user(name)).livingFor(Duration.ofHours(1)))
            .token()
            .reveal();
    return new FrontDoorUser(gateway.port(), token, hub.caCertificate());
  }

  @Test
  void userSeesTheClusterAsHerself() throws Exception {
    assertThat(user("alice").get("/clusters/dev/api/v1/pods").body()).contains("cart-0");
    assertThat(cluster.requests())
        .anySatisfy(
            request -> {
              assertThat(request.path()).isEqualTo("/api/v1/pods");
              assertThat(request.impersonatedUser()).isEqualTo("alice");
            });
  }

  @Test
  void whatNoRoleAllowsNeverReachesTheCluster() throws Exception {
    assertThat(user("alice").get("/clusters/dev/api/v1/secrets").statusCode()).isEqualTo(403);
    assertThat(user("bob").get("/clusters/dev/api/v1/pods").statusCode()).isEqualTo(403);
    assertThat(cluster.requests())
        .noneMatch(
            request ->
                "bob".equals(request.impersonatedUser()) || request.path().endsWith("secrets"));
  }

  @Test
  void everyRequestIsOnRecord() throws Exception {
    user("alice").get("/clusters/dev/api/v1/namespaces/shop/pods/cart-0");
    assertThat(audit.events())
        .filteredOn(event -> !event.method().isEmpty())
        .isNotEmpty()
        .allSatisfy(
            event -> {
              assertThat(event.user().username()).isEqualTo("alice");
              assertThat(event.requestUri()).endsWith("/pods/cart-0");
            });
  }

  @Test
  void clusterWithoutItsAgentIsOffline() throws Exception {
    agent.close();
    assertThat(user("alice").get("/clusters/dev/api/v1/pods").statusCode()).isEqualTo(503);
  }
}
