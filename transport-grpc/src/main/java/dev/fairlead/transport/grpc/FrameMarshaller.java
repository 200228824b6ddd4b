package dev.fairlead.transport.grpc;

import io.grpc.MethodDescriptor;
import java.io.IOException;
import java.io.InputStream;

/** Writes and reads frames as agent.proto's Chunk. Malformed input is a frame with a problem. */
final class FrameMarshaller implements MethodDescriptor.Marshaller<Frame> {

  @Override
  public InputStream stream(Frame frame) {
    return new FrameOutput(frame);
  }

  @Override
  public Frame parse(InputStream stream) {
    try (stream) {
      return new FrameInput(stream).read();
    } catch (IOException broken) {
      return Frame.malformed("chunk: " + broken.getMessage());
    }
  }
}
