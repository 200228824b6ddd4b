package dev.fairlead.core.authorization;

/** Sets of small numbers, a bit for each. */
final class Bits {

  private Bits() {}

  static void set(long[] bits, int index) {
    bits[index >> 6] |= 1L << index;
  }

  static void add(long[] bits, long[] more) {
    for (int i = 0; i < bits.length; i++) {
      bits[i] |= more[i];
    }
  }

  static long[] union(long[] one, long[] other) {
    long[] bits = one.clone();
    add(bits, other);
    return bits;
  }
}
