package dev.fairlead.transport.grpc;

import io.grpc.Drainable;
import io.grpc.KnownLength;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One Chunk in protobuf's encoding, as gRPC's framer takes it: it asks for the length, then has the
 * bytes written into its own buffer. Consumes the frame's buffers.
 */
final class FrameOutput extends InputStream implements KnownLength, Drainable {

  private static final int DATA_TAG = 1 << 3 | 2;
  private static final int END_TAG = 2 << 3;

  private static final int DIRECT_COPY = 8 * 1024;

  private final ByteBuffer head;
  private final ByteBuffer[] data;
  private final ByteBuffer tail;

  FrameOutput(Frame frame) {
    head = ByteBuffer.allocate(6);
    if (frame.size() > 0) {
      head.put((byte) DATA_TAG);
      int left = frame.size();
      while (left > 0x7f) {
        head.put((byte) (left & 0x7f | 0x80));
        left >>>= 7;
      }
      head.put((byte) left);
    }
    head.flip();
    data = frame.data();
    tail = frame.end() ? ByteBuffer.wrap(new byte[] {END_TAG, 1}) : ByteBuffer.allocate(0);
  }

  @Override
  public int available() {
    int left = head.remaining() + tail.remaining();
    for (ByteBuffer part : data) {
      left += part.remaining();
    }
    return left;
  }

  @Override
  public int drainTo(OutputStream out) throws IOException {
    int written = drain(head, out);
    for (ByteBuffer part : data) {
      written += drain(part, out);
    }
    return written + drain(tail, out);
  }

  private static int drain(ByteBuffer from, OutputStream out) throws IOException {
    int size = from.remaining();
    if (from.hasArray()) {
      out.write(from.array(), from.arrayOffset() + from.position(), size);
      from.position(from.limit());
    } else if (size > 0) {
      byte[] copy = new byte[Math.min(size, DIRECT_COPY)];
      while (from.hasRemaining()) {
        int piece = Math.min(copy.length, from.remaining());
        from.get(copy, 0, piece);
        out.write(copy, 0, piece);
      }
    }
    return size;
  }

  @Override
  public int read() {
    ByteBuffer next = next();
    return next == null ? -1 : next.get() & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) {
    if (length == 0) {
      return 0;
    }
    int read = 0;
    for (ByteBuffer next = next(); next != null && read < length; next = next()) {
      int piece = Math.min(length - read, next.remaining());
      next.get(into, offset + read, piece);
      read += piece;
    }
    return read == 0 ? -1 : read;
  }

  private @Nullable ByteBuffer next() {
    if (head.hasRemaining()) {
      return head;
    }
    for (ByteBuffer part : data) {
      if (part.hasRemaining()) {
        return part;
      }
    }
    return tail.hasRemaining() ? tail : null;
  }
}
