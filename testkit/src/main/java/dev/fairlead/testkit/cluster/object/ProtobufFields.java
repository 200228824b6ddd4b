package dev.fairlead.testkit.cluster.object;

import java.util.Arrays;

/** Walks over the fields of one encoded protobuf message. */
final class ProtobufFields {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED32 = 5;

  private final byte[] data;
  private final int end;
  private int position;
  private int number;
  private int wireType;
  private boolean consumed = true;

  ProtobufFields(byte[] data, int start, int end) {
    this.data = data;
    this.position = start;
    this.end = end;
  }

  /** Moves to the next field, past the current one if nobody read it. */
  boolean next() {
    if (!consumed) {
      skip();
    }
    if (position >= end) {
      return false;
    }
    long tag = readVarint();
    number = (int) (tag >>> 3);
    wireType = (int) (tag & 7);
    consumed = false;
    return true;
  }

  int number() {
    return number;
  }

  long varint() {
    expect(VARINT);
    return readVarint();
  }

  byte[] bytes() {
    expect(BYTES);
    int length = length();
    position += length;
    return Arrays.copyOfRange(data, position - length, position);
  }

  ProtobufFields message() {
    expect(BYTES);
    int length = length();
    position += length;
    return new ProtobufFields(data, position - length, position);
  }

  void skip() {
    consumed = true;
    switch (wireType) {
      case VARINT -> readVarint();
      case FIXED64 -> advance(8);
      case BYTES -> advance(length());
      case FIXED32 -> advance(4);
      default -> throw ProtobufReader.malformed("wire type " + wireType);
    }
  }

  private void expect(int wanted) {
    if (wireType != wanted) {
      throw ProtobufReader.malformed(
          "field " + number + " has wire type " + wireType + " (expected: " + wanted + ")");
    }
    consumed = true;
  }

  private int length() {
    long length = readVarint();
    if (length < 0 || length > end - position) {
      throw ProtobufReader.malformed("field " + number + " is longer than its message");
    }
    return (int) length;
  }

  private void advance(int bytes) {
    if (bytes > end - position) {
      throw ProtobufReader.malformed("field " + number + " is longer than its message");
    }
    position += bytes;
  }

  private long readVarint() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (position >= end) {
        throw ProtobufReader.malformed("it ends within a number");
      }
      byte b = data[position++];
      value |= (long) (b & 0x7f) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw ProtobufReader.malformed("a number of more than ten bytes");
  }
}
