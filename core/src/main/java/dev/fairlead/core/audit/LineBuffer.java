package dev.fairlead.core.audit;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** Lines that are written together. */
final class LineBuffer extends ByteArrayOutputStream {

  void add(byte[] line) {
    write(line, 0, line.length);
  }

  /** The lines without a copy; nothing may be added as long as it is used. */
  ByteBuffer asBuffer() {
    return ByteBuffer.wrap(buf, 0, count);
  }
}
