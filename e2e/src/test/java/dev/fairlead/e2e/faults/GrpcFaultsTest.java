package dev.fairlead.e2e.faults;

import dev.fairlead.api.transport.AgentTransport;
import dev.fairlead.api.transport.HubTransport;
import dev.fairlead.core.egress.EgressProxies;
import dev.fairlead.core.egress.EgressProxy;
import dev.fairlead.transport.grpc.GrpcTransport;
import java.util.Optional;

class GrpcFaultsTest extends AccessFaults {

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

  @Override
  int storm() {
    return 60;
  }

  @Override
  Optional<AgentTransport> agentThrough(String address, EgressProxy proxy) {
    return Optional.of(GrpcTransport.to("localhost", portOf(address), EgressProxies.all(proxy)));
  }
}
