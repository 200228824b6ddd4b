package dev.fairlead.transport.websocket;

import dev.fairlead.api.transport.AgentTransport;
import dev.fairlead.api.transport.HubTransport;
import dev.fairlead.testkit.transport.TransportConformance;
import org.jspecify.annotations.Nullable;

class WebSocketTransportConformanceTest extends TransportConformance {

  @Override
  protected HubTransport hub(@Nullable String address) {
    return WebSocketTransport.listen(address == null ? 0 : portOf(address));
  }

  @Override
  protected AgentTransport agent(String address) {
    return WebSocketTransport.to("localhost", portOf(address));
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
