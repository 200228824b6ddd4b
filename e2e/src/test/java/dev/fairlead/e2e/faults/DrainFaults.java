package dev.fairlead.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.agent.FairleadAgent;
import dev.fairlead.core.drain.DrainTimes;
import dev.fairlead.core.http.Reset;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Faults of hubs and agents that stop while much is under way. */
abstract class DrainFaults extends PeerFaults {

  /** Shorter than it takes to find that nobody answers. */
  private static final DrainTimes TIMES =
      new DrainTimes(Duration.ofSeconds(2), Duration.ofSeconds(6));

  private static final String LOGS = PODS + "/p/log?follow=true";

  @Test
  void fault18_anAgentThatStopsFailsNoRequestAndGivesStreamsTheirTime() throws Exception {
    Site site = site();
    FairleadAgent present = realAgent(agentEnd(address()), DEV, site.server(), TIMES);
    for (int restart = 0; restart < 3; restart++) {
      UserStream watch = get(LIST + "?watch=true");
      UserStream forward = portForwarded("cart-0");
      assertThat(watch.status()).isEqualTo(200);
      assertThat(forward.status()).isEqualTo(101);
      FairleadAgent next = realAgent(agentEnd(address()), DEV, site.server(), TIMES);
      CompletableFuture<Void> closing = meanwhile(present::close);
      List<UserStream> requests = new ArrayList<>();
      while (requests.size() < 100 || !watch.end().isDone()) {
        UserStream request = get(LIST);
        assertThat(request.status()).isEqualTo(200);
        requests.add(request);
      }
      requests.forEach(request -> assertThat(request.text()).contains("cart-0"));
      // Whole events only, and then the end that makes clients open it anew.
      assertThat(watch.text()).endsWith("}\n");
      assertThat(forward.end()).isNotDone();
      time.advance(TIMES.streams().minusSeconds(1));
      settle();
      assertThat(forward.end()).isNotDone();
      time.advance(Duration.ofSeconds(1));
      assertThat(Patience.within(forward.end())).isEqualTo(Reset.CANCEL);
      Patience.within(closing);
      present = next;
    }
  }

  @Test
  void fault18_aHubThatStopsAnswersWhatItTookAndGivesStreamsTheirTime() {
    replaceHub(settings -> settings.withDrain(TIMES));
    ScriptedAgent agent = agent(DEV);
    ScriptedAgent.Tunnel tunnel = agent.connect();
    Patience.await("joined", () -> agents(DEV) == 1);
    UserStream request = get(PODS);
    Taken taken = tunnel.next();
    UserStream lazy = get(PODS);
    tunnel.next();
    UserStream quiet = get(WATCH);
    tunnel.next().begin();
    UserStream busy = get(WATCH);
    Taken watched = tunnel.next();
    watched.begin();
    watched.send("{\"type\":\"ADDED\"}\n{\"type\":");
    UserStream logs = get(LOGS);
    tunnel.next().begin();
    assertThat(logs.status()).isEqualTo(200);
    Patience.await("half an event", () -> busy.received.get() > 20);

    CompletableFuture<Void> closing = meanwhile(hub::close);
    Patience.within(tunnel.draining);
    assertThat(quiet.text()).isEmpty();
    assertThat(busy.end()).isNotDone();
    watched.send("\"DELETED\"}\n{\"type\":");
    assertThat(busy.text()).isEqualTo("{\"type\":\"ADDED\"}\n{\"type\":\"DELETED\"}\n");
    assertThat(Patience.within(agent.dial().closed)).asString().contains("closing");
    taken.answer("answered");
    assertThat(request.text()).isEqualTo("answered");

    time.advance(TIMES.requests());
    assertThat(Patience.within(lazy.reset)).isEqualTo(Reset.INTERNAL);
    assertThat(logs.end()).isNotDone();
    time.advance(TIMES.streams().minus(TIMES.requests()));
    assertThat(Patience.within(logs.reset)).isEqualTo(Reset.CANCEL);
    Patience.within(closing);
    assertThat(Patience.within(tunnel.closed)).isEqualTo("in order");
  }
}
