package dev.fairlead.transport.grpc;

import dev.fairlead.api.transport.AgentTransport;
import dev.fairlead.api.transport.HubTransport;
import dev.fairlead.core.egress.EgressProxies;
import dev.fairlead.core.inner.LoadBalancer;
import dev.fairlead.testkit.transport.TransportConformance;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Pipes with TLS within them are pipes like all others. */
class BehindLoadBalancerConformanceTest extends TransportConformance {

  @Override
  protected HubTransport hub(@Nullable String address) {
    return GrpcTransport.listenBehindLoadBalancer("0.0.0.0", address == null ? 0 : portOf(address));
  }

  @Override
  protected AgentTransport agent(String address) {
    X509TrustManager trust = (X509TrustManager) agentTls().trustManagers().get(0);
    return GrpcTransport.to(
        "localhost",
        portOf(address),
        EgressProxies.none(),
        LoadBalancer.certifiedBy(trust.getAcceptedIssuers()[0]));
  }

  /**
   * What the kernel's socket buffers hold on the loopback device comes on top of the pipe's own.
   */
  @Override
  protected long mostBytesInFlight() {
    return 16L << 20;
  }

  private static int portOf(String address) {
    return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
  }
}
