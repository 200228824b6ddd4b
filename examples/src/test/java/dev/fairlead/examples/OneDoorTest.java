package dev.fairlead.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.agent.FairleadAgent;
import dev.fairlead.agent.upstream.ApiServer;
import dev.fairlead.api.ClusterName;
import dev.fairlead.api.Identity;
import dev.fairlead.core.apikey.ApiKeyOrder;
import dev.fairlead.core.audit.MemoryAuditSink;
import dev.fairlead.core.door.DoorTransport;
import dev.fairlead.core.egress.EgressProxies;
import dev.fairlead.core.hub.FairleadHub;
import dev.fairlead.core.inner.LoadBalancer;
import dev.fairlead.gateway.Gateway;
import dev.fairlead.testkit.cluster.DemoCluster;
import dev.fairlead.transport.websocket.WebSocketTransport;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Users and agents come in through the same port. */
class OneDoorTest {

  private static final ClusterName DEV = ClusterName.of("dev");

  @Test
  void agentsAndUsersShareThePort() throws Exception {
    DoorTransport agents = WebSocketTransport.onFrontDoor();
    try (DemoCluster cluster = DemoCluster.builder().build();
        FairleadHub hub =
            FairleadHub.builder()
                .transport(agents)
                .authorizer(
                    request ->
                        CompletableFuture.completedStage(
                            new dev.fairlead.api.auth.Decision.Allowed("all", "all")))
                .audit(new MemoryAuditSink(1_000))
                .keepInMemory()
                .drainFor(Duration.ZERO)
                .build()) {
      cluster.start();
      hub.start();
      Gateway gateway =
          Gateway.builder(hub)
              .listen("127.0.0.1", 0)
              .tlsByHub("localhost")
              .agents(agents)
              .drainFor(Duration.ZERO)
              .build();
      gateway.start();
      FairleadAgent agent =
          FairleadAgent.builder()
              .dial(
                  WebSocketTransport.to(
                      "localhost",
                      gateway.port(),
                      EgressProxies.none(),
                      LoadBalancer.certifiedBy(hub.caCertificate())))
              .pinning(hub.pin())
              .enrolWith(hub.fleet().issueInstallToken(DEV).token())
              .keepInMemory()
              .cluster(ApiServer.kubeconfig(cluster.kubeconfig(), null))
              .drainFor(Duration.ZERO)
              .build();
      agent.start();
      agent.awaitConnected(Duration.ofSeconds(30));
      String token =
          hub.apiKeys().issue(ApiKeyOrder.forUser(Identity.user("alice"))).token().reveal();
      FrontDoorUser alice = new FrontDoorUser(gateway.port(), token, hub.caCertificate());
      assertThat(alice.get("/clusters/dev/api/v1/pods").body()).contains("cart-0");
      // No agent's path is a user's, and the other way round.
      assertThat(alice.get("/fairlead/v1/enrol").statusCode()).isIn(400, 404);
      gateway.close();
      assertThat(hub.cluster("dev").agents()).hasSize(1);
      agent.close();
    }
  }
}
