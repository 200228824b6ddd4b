package dev.fairlead.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.agent.FairleadAgent;
import dev.fairlead.agent.upstream.ApiServer;
import dev.fairlead.api.Agent;
import dev.fairlead.api.AgentInfo;
import dev.fairlead.api.ClusterStatus;
import dev.fairlead.api.transport.AgentTransport;
import dev.fairlead.core.enrolment.EnrolmentSettings;
import dev.fairlead.testkit.cluster.DemoCluster;
import dev.fairlead.testkit.fault.Faults;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Faults of peers: hubs, agents and API servers that hang, vanish, come back, or are many. */
abstract class PeerFaults extends StreamFaults {

  /** A silent peer is found within this time. */
  private static final int FOUND_SECONDS = 15;

  static final String LIST = "/api/v1/namespaces/shop/pods";

  /** An API server behind a network that misbehaves. */
  record Site(DemoCluster cluster, TcpRelay network, ApiServer server) {}

  Site site() throws IOException {
    DemoCluster cluster = keep(DemoCluster.builder().build()).start();
    TcpRelay network = keep(TcpRelay.to(cluster.port()));
    String kubeconfig = cluster.kubeconfig().replace(":" + cluster.port(), ":" + network.port());
    return new Site(cluster, network, ApiServer.kubeconfig(kubeconfig, null));
  }

  static Http2Headers portForward(String pod) {
    return head("GET", "/api/v1/namespaces/shop/pods/" + pod + "/portforward")
        .set(dev.fairlead.core.http.Heads.PROTOCOL, "SPDY/3.1")
        .set("x-stream-protocol-version", "portforward.k8s.io");
  }

  UserStream portForwarded(String pod) {
    return ask("alice", DEV, portForward(pod), false, true);
  }

  @Test
  void fault02_aDialThatHangsHoldsUpItsOwnExchangeOnly() throws Exception {
    Site site = site();
    realAgent(agentEnd(address()), DEV, site.server());
    assertThat(get(LIST).status()).isEqualTo(200);
    site.network().swallowNew();
    UserStream hanging = portForwarded("cart-0");
    for (int i = 0; i < 20; i++) {
      assertThat(get(LIST).status()).isEqualTo(200);
    }
    assertThat(hanging.status()).isEqualTo(503);
    assertThat(hanging.text()).contains("cannot be reached by its agent");
    site.network().passNew();
    assertThat(portForwarded("cart-0").status()).isEqualTo(101);
  }

  @Test
  void fault08_anAgentThatVanishesIsFoundWithin15Seconds() {
    ScriptedAgent agent = agent(DEV);
    ScriptedAgent.Tunnel vanishing = agent.connect();
    awaitStatus(DEV, ClusterStatus.CONNECTED);
    ScriptedAgent.Tunnel living = tunnel("other").answering("alive");
    List<UserStream> under = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      under.add(get(WATCH));
      vanishing.next().begin();
    }
    agent.faults.vanish();
    advance(
        FOUND_SECONDS,
        () -> assertThat(ask("alice", "other", "GET", PODS, true).text()).isEqualTo("alive"));
    awaitStatus(DEV, ClusterStatus.OFFLINE);
    under.forEach(one -> Patience.within(one.reset));
    assertThat(get(PODS).status()).isEqualTo(503);
    assertThat(living.closed).isNotDone();
  }

  @Test
  void fault08_aHubThatVanishesIsFoundWithin15Seconds() throws Exception {
    Site site = site();
    Faults faults = keep(Faults.none(time));
    AgentTransport dialled = faults.wrap(agentEnd(address()));
    FairleadAgent agent = realAgent(dialled, DEV, site.server());
    faults.vanish();
    List<Agent.State> seen = new ArrayList<>();
    advance(FOUND_SECONDS, () -> seen.add(agent.state()));
    Patience.await("connected again", () -> agent.state() == Agent.State.CONNECTED);
    awaitStatusAsTimePasses(DEV, ClusterStatus.CONNECTED);
    assertThat(get(LIST).status()).isEqualTo(200);
    assertThat(seen).first().isEqualTo(Agent.State.CONNECTED);
  }

  @Test
  void fault09_aStaleConnectionToTheApiServerIsReplacedWithin15Seconds() throws Exception {
    Site site = site();
    realAgent(agentEnd(address()), DEV, site.server());
    UserStream watch = get("/api/v1/namespaces/shop/pods?watch=true");
    assertThat(watch.status()).isEqualTo(200);
    site.network().goSilent();
    // The guard refuses whom it always does, so this proves the tunnel and asks no API server.
    advance(
        FOUND_SECONDS,
        () -> assertThat(ask("system:admin", DEV, "GET", LIST, true).status()).isIn(403, 503));
    Patience.within(watch.end());
    awaitStatusAsTimePasses(DEV, ClusterStatus.CONNECTED);
    assertThat(get(LIST).status()).isEqualTo(200);
  }

  @Test
  void fault10_aTunnelWhosePeerDiedSilentlyIsTakenOverAtOnce() {
    ScriptedAgent agent = agent(DEV);
    ScriptedAgent.Tunnel dead = agent.connect().answering("from the dead");
    awaitStatus(DEV, ClusterStatus.CONNECTED);
    assertThat(get(PODS).text()).isEqualTo("from the dead");
    agent.faults.vanish();
    int threads = Integer.MAX_VALUE;
    for (int i = 0; i < 30; i++) {
      if (i == 20) {
        // By now all that work for many agents are there.
        threads = Thread.activeCount();
      }
      String answer = "life " + i;
      time.advance(Duration.ofMillis(1));
      ScriptedAgent.Tunnel next = agent.connect().answering(answer);
      Patience.await("takeover", () -> newestTunnel().equals(time.instant()));
      assertThat(get(PODS).text()).isEqualTo(answer);
      agent.faults.vanish();
      assertThat(next.count.get()).isPositive();
    }
    assertThat(dead.count).hasValue(1);
    assertThat(agents(DEV)).isEqualTo(1);
    assertThat(Thread.activeCount()).isLessThanOrEqualTo(threads + 4);
  }

  @Test
  void fault11_theNewestTunnelGetsTheRequests() {
    ScriptedAgent agent = agent(DEV);
    ScriptedAgent.Tunnel former = agent.connect().answering("0");
    awaitStatus(DEV, ClusterStatus.CONNECTED);
    for (int i = 1; i <= 10; i++) {
      String answer = String.valueOf(i);
      ScriptedAgent.Tunnel newest = agent.connect().answering(answer);
      Patience.within(former.draining);
      int before = former.count.get();
      for (int request = 0; request < 20; request++) {
        assertThat(get(PODS).text()).isEqualTo(answer);
      }
      assertThat(former.count).hasValue(before);
      assertThat(Patience.within(former.closed)).isEqualTo("in order");
      former = newest;
    }
  }

  /** With many replicas such a request goes to the one that has the tunnel. */
  @Test
  void fault12_aRequestWhereThereIsNoTunnelIsToldSoAtOnce() {
    token(DEV);
    UserStream none = get(PODS);
    assertThat(none.status()).isEqualTo(503);
    assertThat(none.text()).contains("ServiceUnavailable", "no agent is connected");
    assertThat(ask("alice", "nowhere", "GET", PODS, true).status()).isEqualTo(404);
    tunnel(DEV).answering("here");
    assertThat(get(PODS).text()).isEqualTo("here");
  }

  @Test
  void fault13_agentsComeAndGoWithoutACount() {
    List<ScriptedAgent> agents = new ArrayList<>();
    List<ScriptedAgent.Tunnel> tunnels = new ArrayList<>();
    for (int i = 1; i <= 4; i++) {
      ScriptedAgent agent = agent(DEV);
      tunnels.add(agent.connect().answering("agent " + i));
      agents.add(agent);
      int expected = i;
      Patience.await("joined", () -> agents(DEV) == expected);
    }
    for (int i = 0; i < 40; i++) {
      assertThat(get(PODS).status()).isEqualTo(200);
    }
    assertThat(tunnels).allSatisfy(tunnel -> assertThat(tunnel.count.get()).isPositive());
    for (int left = 3; left >= 1; left--) {
      agents.get(left).close();
      int expected = left;
      Patience.await("left", () -> agents(DEV) == expected);
      for (int i = 0; i < 10; i++) {
        assertThat(get(PODS).status()).isEqualTo(200);
      }
    }
    assertThat(get(PODS).text()).isEqualTo("agent 1");
  }

  @Test
  void fault14_noRequestIsLostToATunnelThatDrains() {
    ScriptedAgent agent = agent(DEV);
    ScriptedAgent.Tunnel present = agent.connect().answering("done");
    awaitStatus(DEV, ClusterStatus.CONNECTED);
    List<UserStream> users = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      if (i % 200 == 100 && i < 550) {
        // The next one first, and then an end from this side while requests are on their way.
        ScriptedAgent.Tunnel next = agent.connect().answering("done");
        Patience.within(present.draining);
        present = next;
      } else if (i == 550) {
        ScriptedAgent.Tunnel other = tunnel(DEV).answering("done");
        present.drain();
        present = other;
      }
      users.add(get(PODS));
    }
    for (UserStream user : users) {
      assertThat(user.status()).isEqualTo(200);
      assertThat(user.text()).isEqualTo("done");
    }
  }

  /** In full: a hundred times. */
  @Test
  void fault19_aRenewalInterruptsNothing() throws Exception {
    replaceHub(
        settings -> settings.withEnrolment(new EnrolmentSettings(Duration.ofMinutes(20), 32)));
    Site site = site();
    realAgent(agentEnd(address()), DEV, site.server());
    for (int renewal = 0; renewal < 2; renewal++) {
      Instant before = newestTunnel();
      // Two thirds of a certificate's life, and a little.
      for (int step = 0; step < 400 && !newestTunnel().isAfter(before); step++) {
        settle();
        time.advance(Duration.ofSeconds(2));
        listed();
      }
      Patience.await(
          "renewed",
          () -> {
            listed();
            return newestTunnel().isAfter(before);
          });
    }
  }

  private void listed() {
    answered(LIST);
    // By HTTP/2, as logs may go on: so the agent sees that its API server is alive.
    answered(LIST + "/cart-0/log");
  }

  private void answered(String path) {
    UserStream user = get(path);
    assertThat(user.status()).as(user.text()).isEqualTo(200);
  }

  private Instant newestTunnel() {
    List<AgentInfo> agents = hub.cluster(DEV).agents();
    return agents.get(agents.size() - 1).connectedSince();
  }
}
