package dev.fairlead.transport.grpc;

import dev.fairlead.api.transport.AgentTransport;
import dev.fairlead.api.transport.HubTransport;
import dev.fairlead.testkit.transport.TransportConformance;
import org.jspecify.annotations.Nullable;

class GrpcTransportConformanceTest extends TransportConformance {

  @Override
  protected HubTransport hub(@Nullable String address) {
    return GrpcTransport.listen(address == null ? 0 : portOf(address));
  }

  @Override
  protected AgentTransport agent(String address) {
    return GrpcTransport.to("localhost", portOf(address));
  }

  private static int portOf(String address) {
    return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
  }
}
