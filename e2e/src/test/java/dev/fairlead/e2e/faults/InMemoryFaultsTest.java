package dev.fairlead.e2e.faults;

import dev.fairlead.api.transport.AgentTransport;
import dev.fairlead.api.transport.HubTransport;
import dev.fairlead.core.egress.EgressProxy;
import dev.fairlead.core.memory.InMemoryTransport;
import java.util.Optional;

class InMemoryFaultsTest extends AccessFaults {

  private final InMemoryTransport memory = InMemoryTransport.create();

  @Override
  HubTransport hubEnd() {
    return memory.hub();
  }

  @Override
  AgentTransport agentEnd(String address) {
    return memory.agent();
  }

  @Override
  int listeningSockets() {
    return 0;
  }

  @Override
  int storm() {
    return 300;
  }

  @Override
  Optional<AgentTransport> agentThrough(String address, EgressProxy proxy) {
    return Optional.empty();
  }
}
