package dev.fairlead.e2e.faults;

import dev.fairlead.api.transport.AgentTransport;
import dev.fairlead.api.transport.HubTransport;
import dev.fairlead.transport.websocket.WebSocketTransport;

class WebSocketSoak extends RequestSoak {

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
}
