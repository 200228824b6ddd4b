package dev.fairlead.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.agent.guard.Guard;
import dev.fairlead.agent.upstream.ApiServer;
import dev.fairlead.api.Agent;
import dev.fairlead.api.ClusterName;
import dev.fairlead.api.transport.HubTransport;
import dev.fairlead.core.hub.FairleadHub;
import dev.fairlead.gateway.Gateway;
import dev.fairlead.testkit.cluster.DemoCluster;
import dev.fairlead.transport.grpc.GrpcTransport;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedTest {

  @TempDir Path directory;

  @Test
  void userReachesClusterThroughEmbeddedHubAndAgent() throws Exception {
    Samples.roles(directory);
    Samples.tokens(directory);
    HubTransport agents = GrpcTransport.listen(0);
    try (DemoCluster cluster = DemoCluster.builder().build().start();
        EmbeddedHub hub = new EmbeddedHub(directory, agents, 0)) {
      hub.start();
      Samples.write(
          directory.resolve("install-token"),
          hub.hub.fleet().issueInstallToken(ClusterName.of("dev")).token().reveal());
      Path kubeconfig = Samples.write(directory.resolve("kubeconfig"), cluster.kubeconfig());
      try (EmbeddedAgent agent =
          new EmbeddedAgent(
              directory, "localhost", port(agents), hub.hub.pin().toString(), kubeconfig)) {
        agent.start();
        agent.agent.awaitConnected(Duration.ofSeconds(30));
        FrontDoorUser alice =
            new FrontDoorUser(hub.gateway.port(), Samples.ALICES_TOKEN, hub.hub.caCertificate());
        assertThat(alice.get("/clusters/dev/api/v1/namespaces/shop/pods").body())
            .contains("cart-0");
        assertThat(alice.post("/clusters/dev/api/v1/namespaces/kube-system/pods/x/exec", "{}"))
            .satisfies(
                answer -> {
                  assertThat(answer.statusCode()).isEqualTo(403);
                  assertThat(answer.body()).contains("configured to refuse exec in kube-system");
                });
      }
    }
  }

  @Test
  void daggerWiresTheSame() throws Exception {
    Samples.roles(directory);
    Samples.tokens(directory);
    HubTransport agents = GrpcTransport.listen(0);
    OurHub ours = DaggerOurHub.factory().create(directory, agents);
    try (DemoCluster cluster = DemoCluster.builder().build().start();
        FairleadHub hub = ours.hub();
        Gateway gateway = ours.gateway()) {
      hub.start();
      gateway.start();
      try (Agent agent =
          DaggerOurAgent.factory()
              .create(
                  GrpcTransport.to("localhost", port(agents)),
                  hub.pin(),
                  hub.fleet().issueInstallToken(ClusterName.of("dev")).token(),
                  directory.resolve("agent"),
                  ApiServer.kubeconfig(cluster.kubeconfig(), null),
                  Guard.standard())
              .agent()) {
        agent.start();
        agent.awaitConnected(Duration.ofSeconds(30));
        FrontDoorUser alice =
            new FrontDoorUser(gateway.port(), Samples.ALICES_TOKEN, hub.caCertificate());
        assertThat(alice.get("/clusters/dev/api/v1/namespaces/shop/pods").body())
            .contains("cart-0");
      }
    }
  }

  private static int port(HubTransport agents) {
    String address = agents.address();
    return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
  }
}
