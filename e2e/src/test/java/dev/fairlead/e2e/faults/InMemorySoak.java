package dev.fairlead.e2e.faults;

import dev.fairlead.api.transport.AgentTransport;
import dev.fairlead.api.transport.HubTransport;
import dev.fairlead.core.memory.InMemoryTransport;

class InMemorySoak extends RequestSoak {

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
}
