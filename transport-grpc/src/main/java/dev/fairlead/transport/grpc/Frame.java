package dev.fairlead.transport.grpc;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A Chunk of agent.proto without its protobuf class, so that its bytes are not copied between.
 *
 * @param data the bytes between position and limit of these buffers, in this order
 * @param size how many bytes they are
 * @param end whether the direction ends after them
 * @param problem what is wrong with a frame that was received, or null
 */
record Frame(ByteBuffer[] data, int size, boolean end, @Nullable String problem) {

  private static final ByteBuffer[] NONE = {};

  /** The end of a direction. */
  static final Frame END = new Frame(NONE, 0, true, null);

  /** Bytes of buffers that stay the caller's: to be written out before the caller goes on. */
  static Frame of(ByteBuffer[] data, int size) {
    return new Frame(data, size, false, null);
  }

  /** A copy of the bytes, which may be written out at any time. */
  static Frame copyOf(ByteBuffer[] data, int size) {
    ByteBuffer copy = ByteBuffer.allocate(size);
    for (ByteBuffer part : data) {
      copy.put(part);
    }
    return new Frame(new ByteBuffer[] {copy.flip()}, size, false, null);
  }

  static Frame received(ByteBuffer data, boolean end) {
    return new Frame(new ByteBuffer[] {data}, data.remaining(), end, null);
  }

  static Frame malformed(String problem) {
    return new Frame(NONE, 0, false, problem);
  }
}
