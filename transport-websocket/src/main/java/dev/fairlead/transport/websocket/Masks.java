package dev.fairlead.transport.websocket;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.SecureRandom;

/**
 * A client's masking (RFC 6455, 5.3 and 10.3): keys that nobody can foresee, drawn from a strong
 * source by the thousand, and laid over the bytes eight at a time. For one event loop.
 */
final class Masks {

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final int SUPPLY = 4 * 1024;

  private final SecureRandom random;
  private final byte[] supply = new byte[SUPPLY];
  private final ByteBuffer keys = ByteBuffer.wrap(supply).position(SUPPLY);

  Masks(SecureRandom random) {
    this.random = random;
  }

  /** The key of the next frame. */
  int next() {
    if (!keys.hasRemaining()) {
      random.nextBytes(supply);
      keys.clear();
    }
    return keys.getInt();
  }

  /** Lays a key over a frame's payload. */
  static void apply(int key, byte[] bytes, int offset, int length) {
    long twice = (key & 0xffff_ffffL) << 32 | key & 0xffff_ffffL;
    int at = offset;
    int end = offset + length;
    for (; at <= end - Long.BYTES; at += Long.BYTES) {
      LONGS.set(bytes, at, (long) LONGS.get(bytes, at) ^ twice);
    }
    for (int i = 0; at < end; at++, i++) {
      bytes[at] = (byte) (bytes[at] ^ key >>> 24 - 8 * (i & 3));
    }
  }
}
