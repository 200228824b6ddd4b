package dev.fairlead.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.agent.FairleadAgent;
import dev.fairlead.agent.upstream.ApiServer;
import dev.fairlead.api.ClusterStatus;
import dev.fairlead.api.transport.AgentTransport;
import dev.fairlead.api.transport.TlsMaterial;
import dev.fairlead.core.drain.DrainTimes;
import dev.fairlead.core.inner.LoadBalancer;
import dev.fairlead.testkit.TestAuthority;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a tunnel does when its outer TLS ends at a load balancer: all that it does without one. */
abstract class LoadBalancerFaults extends StreamFaults {

  private final TestAuthority publicAuthority = TestAuthority.create();
  private String balanced = "";
  private int balancer;

  /** The outer protocol's name in ALPN. */
  abstract String protocol();

  /** A new agent's end, told of the load balancer at this port. */
  abstract AgentTransport agentTo(int port, LoadBalancer trusted);

  /** A new agent's end that was not told. */
  abstract AgentTransport untold(int port);

  @Override
  final AgentTransport agentEnd(String address) {
    return agentTo(balancer(address), LoadBalancer.certifiedBy(publicAuthority.certificate()));
  }

  private int balancer(String address) {
    if (!balanced.equals(address)) {
      balanced = address;
      balancer =
          keep(TcpRelay.endingTls(portOf(address), publicAuthority.server(), protocol())).port();
    }
    return balancer;
  }

  @Override
  final int listeningSockets() {
    return 1;
  }

  @Test
  void anAgentsIdentityIsItsOwnFromEndToEnd() throws Exception {
    ScriptedAgent agent = agent(DEV);
    ScriptedAgent.Tunnel tunnel = agent.connect().answering("here");
    awaitStatus(DEV, ClusterStatus.CONNECTED);
    assertThat(get(PODS).text()).isEqualTo("here");

    List<javax.net.ssl.TrustManager> trust = List.of(agent.credentials.trustManagers(time));
    TlsMaterial forged = new TlsMaterial(TestAuthority.create().client(DEV).keyManagers(), trust);
    assertThat(Patience.within(agent.dial(forged).closed)).asString().contains("certificate");
    TlsMaterial anonymous = new TlsMaterial(List.of(), trust);
    assertThat(Patience.within(agent.dial(anonymous).closed)).asString().contains("certificate");
    // Whoever is at the load balancer is not the hub, as it has not the hub's key.
    TlsMaterial deceived =
        new TlsMaterial(
            List.of(agent.credentials.keyManagers()), publicAuthority.trust().trustManagers());
    assertThat(Patience.within(agent.dial(deceived).closed)).asString().contains("inner TLS");
    assertThat(agents(DEV)).isEqualTo(1);
    assertThat(tunnel.closed).isNotDone();
  }

  @Test
  void anAgentOfProductionEnrolsAndServesThroughIt() throws Exception {
    try (var cluster = dev.fairlead.testkit.cluster.DemoCluster.builder().build()) {
      ApiServer server = ApiServer.kubeconfig(cluster.start().kubeconfig(), null);
      FairleadAgent agent =
          realAgent(agentEnd(address()), DEV, server, DrainTimes.of(Duration.ZERO));
      assertThat(get("/api/v1/namespaces/shop/pods").text()).contains("cart-0");
      agent.close();
    }
  }

  @Test
  void anAgentThatWasNotToldIsRefused() {
    AgentTransport transport = keep(new Closing(untold(balancer(address())))).transport();
    TlsMaterial trust = publicAuthority.trust();
    assertThatThrownBy(() -> transport.enrol(trust, token(DEV), new byte[10]))
        .hasMessageContaining("behind a load balancer");
  }

  private record Closing(AgentTransport transport) implements AutoCloseable {
    @Override
    public void close() {
      transport.close();
    }
  }
}
