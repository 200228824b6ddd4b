package dev.fairlead.e2e.faults;

import dev.fairlead.api.transport.AgentTransport;
import dev.fairlead.api.transport.HubTransport;
import dev.fairlead.transport.grpc.GrpcTransport;

class GrpcSoak extends RequestSoak {

  @Override
  HubTransport hubEnd() {
    return GrpcTransport.listen(0);
  }

  @Override
  AgentTransport agentEnd(String address) {
    return GrpcTransport.to("localhost", portOf(address));
  }

  @Override
  int listeningSockets() {
    return 1;
  }
}
