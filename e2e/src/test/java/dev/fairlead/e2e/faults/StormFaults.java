package dev.fairlead.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.agent.upstream.ApiServer;
import dev.fairlead.api.TransportException;
import dev.fairlead.api.metrics.FairleadMetrics;
import dev.fairlead.api.transport.AgentTransport;
import dev.fairlead.core.drain.DrainTimes;
import dev.fairlead.core.hub.AgentLimits;
import dev.fairlead.testkit.cluster.DemoCluster;
import dev.fairlead.testkit.fault.Faults;
import dev.fairlead.testkit.fault.TransportCounts;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The fault that all agents come at once. */
abstract class StormFaults extends DrainFaults {

  private static final Duration STEP = Duration.ofMillis(250);
  private static final Duration ALL_BACK = Duration.ofSeconds(60);

  /** How many agents come back at once. */
  abstract int storm();

  private static ApiServer unreachable() throws IOException {
    try (DemoCluster gone = DemoCluster.builder().build()) {
      return ApiServer.kubeconfig(gone.start().kubeconfig(), null);
    }
  }

  /** In full: 10,000 agents at a hub that takes 500 a second, and a live p99 of 50 ms at most. */
  @Test
  void fault17_allAgentsAreBackWithinAMinuteAndNobodyElseNotices() throws Exception {
    int agents = storm();
    int perSecond = Math.max(6, agents / 20);
    replaceHub(settings -> settings.withAgents(new AgentLimits(perSecond, agents, 10_000)));
    ScriptedAgent.Tunnel live = tunnel("live").answering("alive");
    Faults network = keep(Faults.none(time));
    TransportCounts dials = new TransportCounts();
    ApiServer server = unreachable();
    for (int i = 0; i < agents; i++) {
      // Slowly enough for the hub's limit.
      time.advance(Duration.ofMillis(1_000 / perSecond + 1));
      settle();
      AgentTransport dialled = dials.on(network.wrap(agentEnd(address())));
      started(dialled, "c" + i, server, DrainTimes.of(Duration.ZERO));
    }
    Patience.await("all are there", () -> connected() == agents);

    network.cut(new TransportException("the network was cut"));
    Patience.await("all are gone", () -> connected() == 0 && dials.open() == 0);
    Duration passed = Duration.ZERO;
    while (connected() < agents && passed.compareTo(ALL_BACK) < 0) {
      settle();
      time.advance(STEP);
      passed = passed.plus(STEP);
      settle();
      Patience.await("each dial is decided", () -> dials.open() == connected());
      assertThat(ask("alice", "live", "GET", PODS, true).text()).isEqualTo("alive");
    }
    assertThat(connected()).as("back after " + passed).isEqualTo(agents);
    // It was a storm, and was held back.
    assertThat(metrics.value(FairleadMetrics.REFUSALS, "tunnel-rate")).isGreaterThan(agents / 2);
    assertThat(passed).isGreaterThan(Duration.ofSeconds(agents / perSecond / 2));
    assertThat(live.closed).isNotDone();
  }

  /** Without the one that is always there. */
  private int connected() {
    return (int) hub.fleet().list().stream().filter(one -> !one.agents().isEmpty()).count() - 1;
  }
}
