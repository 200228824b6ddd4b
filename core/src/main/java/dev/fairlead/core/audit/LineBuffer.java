package dev.fairlead.core.audit;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.List;

/** Lines that are written together. */
final class LineBuffer extends ByteArrayOutputStream {

  /** What a line has beside its opening, at most. */
  private static final int END_BYTES = 256;

  private LineBuffer(int bytes) {
    super(bytes);
  }

  /** One that has not to grow for the lines of these events. */
  static LineBuffer of(List<EncodedEvent> events) {
    int bytes = 0;
    for (EncodedEvent event : events) {
      bytes += event.opening().length + END_BYTES;
    }
    return new LineBuffer(bytes);
  }

  void add(byte[] line) {
    write(line, 0, line.length);
  }

  /** The link that what stands behind an index makes to its successor. */
  ChainLink linkFrom(int from, ChainLink before, MessageDigest digest) {
    return before.then(digest, buf, from, count);
  }

  /** The lines without a copy; nothing may be added as long as it is used. */
  ByteBuffer asBuffer() {
    return ByteBuffer.wrap(buf, 0, count);
  }
}
