package dev.fairlead.testkit.transport;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.transport.AgentTransport;
import dev.fairlead.api.transport.HubTransport;
import dev.fairlead.core.memory.InMemoryTransport;
import org.jspecify.annotations.Nullable;

class InMemoryTransportTest extends TransportConformance {

  private final InMemoryTransport transport = InMemoryTransport.create();

  @Override
  protected HubTransport hub(@Nullable String address) {
    return transport.hub();
  }

  @Override
  protected AgentTransport agent(String address) {
    return transport.agent(ClusterName.of("prod"), "a1");
  }

  @Override
  protected boolean checksCertificates() {
    return false;
  }
}
