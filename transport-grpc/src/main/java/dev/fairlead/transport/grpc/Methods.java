package dev.fairlead.transport.grpc;

import dev.fairlead.api.transport.Pipe;
import dev.fairlead.transport.grpc.proto.AgentServiceGrpc;
import io.grpc.MethodDescriptor;

/** The calls of agent.proto's AgentService, and their limits. */
final class Methods {

  /** Tunnel, with frames in the place of protobuf's classes. */
  static final MethodDescriptor<Frame, Frame> TUNNEL =
      AgentServiceGrpc.getTunnelMethod().toBuilder(new FrameMarshaller(), new FrameMarshaller())
          .setSampledToLocalTracing(false)
          .build();

  /**
   * The largest message: a full chunk, its field headers, and room for fields of later versions.
   */
  static final int MAX_MESSAGE = Pipe.MAX_CHUNK + 256;

  /**
   * How many bytes gRPC queues before a call is not ready; its default of 32 KiB holds half a
   * chunk.
   */
  static final int READY_BYTES = 256 * 1024;

  private Methods() {}
}
