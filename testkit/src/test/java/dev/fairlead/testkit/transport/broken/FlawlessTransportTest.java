package dev.fairlead.testkit.transport.broken;

import dev.fairlead.api.transport.AgentTransport;
import dev.fairlead.api.transport.HubTransport;
import dev.fairlead.api.transport.Pipe;
import dev.fairlead.testkit.transport.TransportConformance;
import org.jspecify.annotations.Nullable;

/** Without a flaw, what flaws are put into holds every case: a flaw alone makes a case fail. */
class FlawlessTransportTest extends TransportConformance {

  private final Flaw none =
      new Flaw() {
        @Override
        Pipe atAgent(Pipe pipe) {
          return new FaithfulPipe(pipe, this);
        }

        @Override
        Pipe atHub(Pipe pipe) {
          return new FaithfulPipe(pipe, this);
        }
      };

  @Override
  protected HubTransport hub(@Nullable String address) {
    return none.hub();
  }

  @Override
  protected AgentTransport agent(String address) {
    return none.agent();
  }
}
