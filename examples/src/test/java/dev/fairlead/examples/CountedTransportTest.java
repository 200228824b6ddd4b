package dev.fairlead.examples;

import dev.fairlead.api.transport.AgentTransport;
import dev.fairlead.api.transport.HubTransport;
import dev.fairlead.core.memory.InMemoryTransport;
import dev.fairlead.testkit.fault.TransportCounts;
import dev.fairlead.testkit.transport.TransportConformance;
import org.jspecify.annotations.Nullable;

class CountedTransportTest extends TransportConformance {

  private final InMemoryTransport transport = InMemoryTransport.create();
  private final TransportCounts counts = new TransportCounts();

  @Override
  protected HubTransport hub(@Nullable String address) {
    return transport.hub();
  }

  @Override
  protected AgentTransport agent(String address) {
    return counts.on(transport.agent());
  }
}
