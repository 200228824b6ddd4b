package dev.fairlead.core.audit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** One message in Protocol Buffers' wire format, as far as logs need it. */
final class ProtobufWriter {

  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int LENGTH = 2;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  ProtobufWriter message(int field, ProtobufWriter message) {
    return bytes(field, message.out.toByteArray());
  }

  ProtobufWriter text(int field, String text) {
    return bytes(field, text.getBytes(StandardCharsets.UTF_8));
  }

  ProtobufWriter bytes(int field, byte[] bytes) {
    varint((long) field << 3 | LENGTH);
    varint(bytes.length);
    out.writeBytes(bytes);
    return this;
  }

  ProtobufWriter number(int field, long value) {
    varint((long) field << 3 | VARINT);
    varint(value);
    return this;
  }

  ProtobufWriter fixed64(int field, long value) {
    varint((long) field << 3 | FIXED64);
    for (int shift = 0; shift < 64; shift += 8) {
      out.write((int) (value >>> shift));
    }
    return this;
  }

  private void varint(long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      out.write((int) (rest & 0x7f | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }

  byte[] toByteArray() {
    return out.toByteArray();
  }
}
