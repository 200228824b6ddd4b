package dev.fairlead.benchmarks.node;

import dev.fairlead.api.transport.AgentTransport;
import dev.fairlead.api.transport.HubTransport;
import dev.fairlead.core.pipe.Sockets;
import dev.fairlead.transport.grpc.GrpcTransport;
import dev.fairlead.transport.websocket.WebSocketTransport;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoopGroup;
import java.net.InetSocketAddress;

/** What carries the tunnel. */
public enum Carrier {
  /** gRPC with the Netty in its own jar, and with its own threads. */
  GRPC("grpc") {
    @Override
    HubTransport hub(EventLoopGroup loops) {
      return GrpcTransport.listen(LOOPBACK, 0);
    }

    @Override
    AgentTransport agent(int port, EventLoopGroup loops) {
      return GrpcTransport.to(LOOPBACK, port);
    }
  },

  /** gRPC with the Netty of everything else, and on its event loops. */
  GRPC_LOOP("grpc-loop") {
    @Override
    HubTransport hub(EventLoopGroup loops) {
      return GrpcTransport.on(
          LOOPBACK,
          credentials ->
              NettyServerBuilder.forAddress(new InetSocketAddress(LOOPBACK, 0), credentials)
                  .channelType(Sockets.of(loops).listening())
                  .bossEventLoopGroup(loops)
                  .workerEventLoopGroup(loops));
    }

    @Override
    AgentTransport agent(int port, EventLoopGroup loops) {
      return GrpcTransport.through(
          LOOPBACK + ":" + port,
          credentials ->
              NettyChannelBuilder.forAddress(LOOPBACK, port, credentials)
                  .channelType(Sockets.of(loops).connected())
                  .eventLoopGroup(loops));
    }
  },

  /** WebSocket. */
  WEBSOCKET("websocket") {
    @Override
    HubTransport hub(EventLoopGroup loops) {
      return WebSocketTransport.listen(LOOPBACK, 0);
    }

    @Override
    AgentTransport agent(int port, EventLoopGroup loops) {
      return WebSocketTransport.to(LOOPBACK, port);
    }
  };

  private static final String LOOPBACK = "127.0.0.1";

  private final String label;

  Carrier(String label) {
    this.label = label;
  }

  /** Its name on the command line and in tables. */
  public String label() {
    return label;
  }

  abstract HubTransport hub(EventLoopGroup loops);

  abstract AgentTransport agent(int port, EventLoopGroup loops);

  static Carrier of(String label) {
    for (Carrier carrier : values()) {
      if (carrier.label.equals(label)) {
        return carrier;
      }
    }
    throw new IllegalArgumentException("carrier: " + label);
  }
}
