package dev.fairlead.transport.grpc;

import dev.fairlead.api.transport.Pipe;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.ByteBuffer;

/**
 * Reads one Chunk in protobuf's encoding, its bytes straight into the array the listener gets. That
 * is the one copy there is: gRPC's own buffer is pooled and cannot be handed out.
 */
final class FrameInput {

  private static final int DATA = 1;
  private static final int END = 2;

  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int LENGTH = 2;
  private static final int FIXED32 = 5;

  private static final ByteBuffer EMPTY = ByteBuffer.allocate(0).asReadOnlyBuffer();

  private final InputStream in;

  FrameInput(InputStream in) {
    this.in = in;
  }

  Frame read() throws IOException {
    ByteBuffer data = EMPTY;
    boolean end = false;
    while (true) {
      int first = in.read();
      if (first < 0) {
        return Frame.received(data, end);
      }
      long tag = varint(first);
      int field = (int) (tag >>> 3);
      int type = (int) tag & 7;
      if (tag >>> 32 != 0 || field == 0) {
        throw new ProtocolException("field number 0 or too large");
      }
      if (field == DATA && type == LENGTH) {
        data = bytes();
      } else if (field == END && type == VARINT) {
        end = varint() != 0;
      } else {
        skip(type);
      }
    }
  }

  private ByteBuffer bytes() throws IOException {
    long length = varint();
    if (length < 0 || length > Pipe.MAX_CHUNK) {
      throw new ProtocolException(
          "data of "
              + Long.toUnsignedString(length)
              + " bytes (expected: at most "
              + Pipe.MAX_CHUNK
              + ")");
    }
    byte[] bytes = new byte[(int) length];
    if (in.readNBytes(bytes, 0, bytes.length) < bytes.length) {
      throw new EOFException("ends within its data");
    }
    return ByteBuffer.wrap(bytes);
  }

  /** Passes over a field of a later version. */
  private void skip(int type) throws IOException {
    switch (type) {
      case VARINT -> varint();
      case FIXED64 -> in.skipNBytes(8);
      case FIXED32 -> in.skipNBytes(4);
      case LENGTH -> {
        long length = varint();
        if (length < 0) {
          throw new ProtocolException("a field of negative length");
        }
        in.skipNBytes(length);
      }
      default -> throw new ProtocolException("wire type " + type + " (expected: 0, 1, 2 or 5)");
    }
  }

  private long varint() throws IOException {
    int first = in.read();
    if (first < 0) {
      throw new EOFException("ends within a number");
    }
    return varint(first);
  }

  private long varint(int first) throws IOException {
    long value = first & 0x7f;
    int next = first;
    for (int shift = 7; (next & 0x80) != 0; shift += 7) {
      if (shift > 63) {
        throw new ProtocolException("a number of more than 10 bytes");
      }
      next = in.read();
      if (next < 0) {
        throw new EOFException("ends within a number");
      }
      value |= (long) (next & 0x7f) << shift;
    }
    return value;
  }
}
