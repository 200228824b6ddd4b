package dev.fairlead.e2e.faults;

import dev.fairlead.api.transport.AgentTransport;
import dev.fairlead.api.transport.HubTransport;
import dev.fairlead.core.egress.EgressProxies;
import dev.fairlead.core.egress.EgressProxy;
import dev.fairlead.transport.websocket.WebSocketTransport;
import java.util.Optional;

class WebSocketFaultsTest extends AccessFaults {

  @Override
  HubTransport hubEnd() {
    return WebSocketTransport.listen(0);
  }

  @Override
  AgentTransport agentEnd(String address) {
    return WebSocketTransport.to("localhost", portOf(address));
  }

  @Override
  int listeningSockets() {
    return 1;
  }

  @Override
  int storm() {
    return 60;
  }

  @Override
  Optional<AgentTransport> agentThrough(String address, EgressProxy proxy) {
    return Optional.of(
        WebSocketTransport.to("localhost", portOf(address), EgressProxies.all(proxy)));
  }
}
