package dev.fairlead.testkit.fault;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.transport.AgentTransport;
import dev.fairlead.api.transport.HubTransport;
import dev.fairlead.core.memory.InMemoryTransport;
import dev.fairlead.testkit.transport.TransportConformance;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** Without a fault, a wrapped transport is as good as any. */
class FaultlessTransportTest extends TransportConformance {

  private final InMemoryTransport transport = InMemoryTransport.create();
  private final Faults atHub = Faults.none();
  private final Faults atAgent = Faults.none();

  @Override
  protected HubTransport hub(@Nullable String address) {
    return atHub.wrap(transport.hub());
  }

  @Override
  protected AgentTransport agent(String address) {
    return atAgent.wrap(transport.agent(ClusterName.of("prod"), "a1"));
  }

  @Override
  protected boolean checksCertificates() {
    return false;
  }

  @AfterEach
  void stopFaults() {
    atHub.close();
    atAgent.close();
  }
}
