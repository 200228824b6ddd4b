package dev.fairlead.e2e.faults;

import dev.fairlead.api.transport.AgentTransport;
import dev.fairlead.api.transport.HubTransport;
import dev.fairlead.core.egress.EgressProxies;
import dev.fairlead.core.inner.LoadBalancer;
import dev.fairlead.transport.websocket.WebSocketTransport;

class WebSocketBehindLoadBalancerFaultsTest extends LoadBalancerFaults {

  @Override
  HubTransport hubEnd() {
    return WebSocketTransport.listenBehindLoadBalancer("127.0.0.1", 0);
  }

  @Override
  String protocol() {
    return "http/1.1";
  }

  @Override
  AgentTransport agentTo(int port, LoadBalancer trusted) {
    return WebSocketTransport.to("localhost", port, EgressProxies.none(), trusted);
  }

  @Override
  AgentTransport untold(int port) {
    return WebSocketTransport.to("localhost", port, EgressProxies.none());
  }
}
