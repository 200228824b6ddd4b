package dev.fairlead.transport.grpc;

import dev.fairlead.api.metrics.FairleadMetrics;
import dev.fairlead.api.metrics.Metrics;
import dev.fairlead.core.tls.Handshakes;
import dev.fairlead.core.tls.Newcomers;
import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.ServerCall;
import io.grpc.ServerTransportFilter;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Connections that came to nothing yet: those in their handshake, and those without a tunnel. When
 * there are too many of either, the oldest gives way. Connections are told apart by the address
 * they come from, as gRPC tells no more of them. Safe for use by any thread.
 */
final class Strangers extends ServerTransportFilter {

  private final Newcomers handshakes;
  private final Newcomers connections;
  private final Handshakes.Counts counts;
  private final Metrics.Counter tooMany;

  Strangers(Metrics metrics, Newcomers handshakes, Newcomers connections) {
    this.handshakes = handshakes;
    this.connections = connections;
    counts = Handshakes.countsOfAgents(metrics);
    tooMany = metrics.counter(FairleadMetrics.REFUSALS, "agent-connections");
  }

  void came(SocketAddress from, Runnable close) {
    handshakes.add(
        from,
        () -> {
          counts.gaveWay();
          close.run();
        });
    connections.add(
        from,
        () -> {
          tooMany.increment();
          close.run();
        });
  }

  void left(SocketAddress from) {
    connections.remove(from);
    if (handshakes.remove(from)) {
      counts.failed();
    }
  }

  /** The handshake is done. */
  @Override
  public Attributes transportReady(Attributes transport) {
    SocketAddress from = from(transport);
    if (from != null) {
      handshakes.remove(from);
    }
    return transport;
  }

  /** It has a tunnel. */
  void arrived(ServerCall<?, ?> call) {
    SocketAddress from = from(call.getAttributes());
    if (from != null) {
      connections.remove(from);
    }
  }

  private static @Nullable SocketAddress from(Attributes attributes) {
    return attributes.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
  }
}
