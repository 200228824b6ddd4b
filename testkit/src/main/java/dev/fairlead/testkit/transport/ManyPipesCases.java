package dev.fairlead.testkit.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.api.TransportException;
import dev.fairlead.api.transport.AgentTransport;
import dev.fairlead.api.transport.HubTransport;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Many pipes of one transport: independent while they are open, forgotten once they are closed. */
abstract class ManyPipesCases extends TrustCases {

  private static final int AT_ONCE = 16;
  private static final int CYCLES = 1000;
  private static final int WARM_UP = 200;
  private static final int RACES = 10;

  @Test
  void manyPipesAtOnceKeepTheirBytesApart() {
    List<Connection> pipes = new ArrayList<>();
    for (int i = 0; i < AT_ONCE; i++) {
      pipes.add(connect());
    }
    int size = 20_000;
    for (int i = 0; i < AT_ONCE; i++) {
      Connection pipe = pipes.get(i);
      pipe.hub().request(Integer.MAX_VALUE);
      pipe.agent().request(Integer.MAX_VALUE);
      pipe.agent().send(random(size, i));
      pipe.hub().send(random(size, AT_ONCE + i));
    }
    for (int i = 0; i < AT_ONCE; i++) {
      Connection pipe = pipes.get(i);
      pipe.hub().seen().awaitBytes(size);
      pipe.agent().seen().awaitBytes(size);
      assertThat(pipe.hub().seen().bytes()).isEqualTo(random(size, i));
      assertThat(pipe.agent().seen().bytes()).isEqualTo(random(size, AT_ONCE + i));
    }
  }

  @Test
  void oneThousandPipesLeaveNothingBehind() {
    HubTransport hub = newHub();
    Cycles cycles = new Cycles(this::patience);
    hub.start(new FakeEndpoint(hubTls(), (pipe, peer) -> cycles.accept(pipe)));
    AgentTransport transport = closing(agent(hub.address()));
    cycles.run(WARM_UP, () -> transport.dial(agentTls()));
    Footprint before = Footprint.now();
    cycles.run(CYCLES - WARM_UP, () -> transport.dial(agentTls()));
    cycles.awaitForgotten();
    before.awaitNoGrowth(CYCLES - WARM_UP, this::patience);
  }

  @Test
  void closingBothTransportsAtOnceClosesEachPipeOnce() throws Exception {
    for (int race = 0; race < RACES; race++) {
      HubTransport hub = newHub();
      hub.start(welcoming());
      AgentTransport agent = closing(agent(hub.address()));
      List<End> ends = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        End end = dial(agent);
        ends.add(end);
        End atHub = accepted();
        ends.add(atHub);
        end.seen().awaitReadies(1);
      }
      atOnce(hub::close, agent::close);
      for (End end : ends) {
        assertThat(end.seen().awaitClosed()).isInstanceOf(TransportException.class);
        assertThat(end.seen().closes()).isEqualTo(1);
      }
    }
  }

  @Test
  void dialsThatRaceTheHubsCloseEnd() throws Exception {
    for (int race = 0; race < RACES; race++) {
      HubTransport hub = newHub();
      hub.start(welcoming());
      AgentTransport agent = closing(agent(hub.address()));
      List<End> ends = new ArrayList<>();
      atOnce(
          hub::close,
          () -> {
            for (int i = 0; i < 3; i++) {
              ends.add(dial(agent));
            }
          });
      for (End end : ends) {
        assertThat(end.seen().awaitClosed()).isInstanceOf(TransportException.class);
      }
    }
  }

  @Test
  void pipesOfTwoAgentsAreTheirOwn() {
    Connection first = connect();
    AgentTransport other = closing(agent(listen().address()));
    End agent = dial(other);
    End hub = accepted();
    agent.seen().awaitReadies(1);
    other.close();
    assertThat(agent.seen().awaitClosed()).isInstanceOf(TransportException.class);
    assertThat(hub.seen().awaitClosed()).isInstanceOf(TransportException.class);
    assertWorks(first);
  }
}
