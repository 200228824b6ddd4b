package dev.fairlead.core.audit;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;

/** Lines that are written together. */
final class LineBuffer extends ByteArrayOutputStream {

  private static final int USUAL_BYTES = 16 * 1024;
  private static final int MOST_KEPT = 512 * 1024;

  LineBuffer() {
    super(USUAL_BYTES);
  }

  /** Forgets the lines, but keeps the room they took, unless it was unusually much. */
  void clear() {
    reset();
    if (buf.length > MOST_KEPT) {
      buf = new byte[USUAL_BYTES];
    }
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
