package dev.fairlead.e2e.faults;

import dev.fairlead.api.transport.AgentTransport;
import dev.fairlead.api.transport.HubTransport;
import dev.fairlead.core.egress.EgressProxies;
import dev.fairlead.core.inner.LoadBalancer;
import dev.fairlead.transport.grpc.GrpcTransport;

class GrpcBehindLoadBalancerFaultsTest extends LoadBalancerFaults {

  @Override
  HubTransport hubEnd() {
    return GrpcTransport.listenBehindLoadBalancer("127.0.0.1", 0);
  }

  @Override
  String protocol() {
    return "h2";
  }

  @Override
  AgentTransport agentTo(int port, LoadBalancer trusted) {
    return GrpcTransport.to("localhost", port, EgressProxies.none(), trusted);
  }

  @Override
  AgentTransport untold(int port) {
    return GrpcTransport.to("localhost", port, EgressProxies.none());
  }
}
