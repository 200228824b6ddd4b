package dev.fairlead.e2e.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.api.ClusterStatus;
import dev.fairlead.api.InstallToken;
import dev.fairlead.api.UnauthenticatedException;
import dev.fairlead.api.auth.Decision;
import dev.fairlead.api.transport.AgentTransport;
import dev.fairlead.api.transport.TlsMaterial;
import dev.fairlead.core.egress.EgressProxy;
import dev.fairlead.testkit.TestAuthority;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Faults of who may do what, and of ways in and out. */
abstract class AccessFaults extends StormFaults {

  /** A new agent's end that goes through a proxy; empty for agents that leave no process. */
  abstract Optional<AgentTransport> agentThrough(String address, EgressProxy proxy);

  @Test
  void fault20_authorisationIsAskedForEachExchange() {
    ScriptedAgent.Tunnel tunnel = tunnel(DEV).answering("done");
    AtomicInteger asked = new AtomicInteger();
    decides =
        request ->
            asked.getAndIncrement() % 2 == 0
                ? new Decision.Allowed("all", "all")
                : new Decision.Denied("not now");
    for (int i = 0; i < 20; i++) {
      assertThat(get(PODS).status()).isEqualTo(i % 2 == 0 ? 200 : 403);
    }
    assertThat(asked).hasValue(20);
    assertThat(tunnel.count).hasValue(10);
  }

  @Test
  void fault21_aPortForwardEndsWithItsPod() throws Exception {
    Site site = site();
    realAgent(agentEnd(address()), DEV, site.server());
    UserStream forward = portForwarded("cart-0");
    UserStream another = portForwarded(otherPod());
    assertThat(forward.status()).isEqualTo(101);
    assertThat(another.status()).isEqualTo(101);
    assertThat(ask("alice", DEV, "DELETE", LIST + "/cart-0", true).status()).isEqualTo(200);
    Patience.within(forward.end());
    assertThat(another.end()).isNotDone();
  }

  private String otherPod() {
    Matcher name = Pattern.compile("\"name\": ?\"(web-\\w+-\\w+)\"").matcher(get(LIST).text());
    assertThat(name.find()).isTrue();
    return name.group(1);
  }

  @Test
  void fault22_nobodyRegistersAClusterThatIsSomebodyElses() {
    ScriptedAgent.Tunnel owner = tunnel(DEV).answering("the owner");
    InstallToken spent = token("other");
    ScriptedAgent first =
        keep(ScriptedAgent.enrol(agentEnd(address()), spent, hub.pin(), agentLoops, time));
    // The request for a certificate names nothing that counts; the token does.
    assertThat(first.credentials.subject().cluster().value()).isEqualTo("other");
    assertThatThrownBy(
            () -> ScriptedAgent.enrol(agentEnd(address()), spent, hub.pin(), agentLoops, time))
        .isInstanceOf(UnauthenticatedException.class);
    InstallToken invented = InstallToken.parse(guessed(spent.reveal()));
    assertThatThrownBy(
            () -> ScriptedAgent.enrol(agentEnd(address()), invented, hub.pin(), agentLoops, time))
        .isInstanceOf(UnauthenticatedException.class);

    ScriptedAgent.Tunnel forged =
        first.dial(
            new TlsMaterial(
                TestAuthority.create().client(DEV).keyManagers(),
                List.of(first.credentials.trustManagers(time))));
    assertThat(Patience.within(forged.closed)).isInstanceOf(Throwable.class);
    first.connect().answering("another");
    awaitStatus("other", ClusterStatus.CONNECTED);
    assertThat(get(PODS).text()).isEqualTo("the owner");
    assertThat(owner.closed).isNotDone();
  }

  private static String guessed(String token) {
    char last = token.charAt(token.length() - 1);
    return token.substring(0, token.length() - 1) + (last == 'a' ? 'b' : 'a');
  }

  @Test
  void fault23_nothingListensThatWasNotAskedFor() throws Exception {
    int before = ListeningSockets.ofThisProcess() - listeningSockets();
    Site site = site();
    int ofTheSite = 2;
    realAgent(agentEnd(address()), DEV, site.server());
    portForwarded("cart-0").status();
    assertThat(ListeningSockets.ofThisProcess()).isEqualTo(before + listeningSockets() + ofTheSite);

    ScriptedAgent stranger = agent("other");
    ScriptedAgent.Tunnel anonymous =
        stranger.dial(
            new TlsMaterial(List.of(), List.of(stranger.credentials.trustManagers(time))));
    assertThat(Patience.within(anonymous.closed)).isInstanceOf(Throwable.class);
    assertThat(agents("other")).isZero();
  }

  @Test
  void fault24_theWayOutLeadsThroughAnHttpProxy() {
    if (listeningSockets() == 0) {
      // Within one process there is no way out.
      assertThat(agentThrough(address(), EgressProxy.at("proxy.test", 3128))).isEmpty();
      return;
    }
    TcpRelay open = keep(TcpRelay.proxyTo(portOf(address()), ""));
    through(EgressProxy.at("127.0.0.1", open.port())).answering("through it");
    assertThat(get(PODS).text()).isEqualTo("through it");
    assertThat(open.asked).isNotEmpty().allMatch(head -> head.startsWith("CONNECT "));

    String basic = Base64.getEncoder().encodeToString("agent:s3cret".getBytes(UTF_8));
    TcpRelay guarded = keep(TcpRelay.proxyTo(portOf(address()), basic));
    EgressProxy there = EgressProxy.at("127.0.0.1", guarded.port());
    through(there.authenticating("agent", "s3cret"));
    assertThat(agents(DEV)).isEqualTo(2);
    assertThatThrownBy(() -> through(there.authenticating("agent", "wr0ng")))
        .hasMessageContaining("407")
        .hasMessageNotContaining("wr0ng");
  }

  private ScriptedAgent.Tunnel through(EgressProxy proxy) {
    int before = agents(DEV);
    ScriptedAgent agent =
        keep(
            ScriptedAgent.enrol(
                agentThrough(address(), proxy).orElseThrow(),
                token(DEV),
                hub.pin(),
                agentLoops,
                time));
    ScriptedAgent.Tunnel tunnel = agent.connect();
    Patience.await("joined", () -> agents(DEV) == before + 1);
    return tunnel;
  }
}
