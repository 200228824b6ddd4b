package dev.fairlead.testkit.cluster.workload;

import java.util.HexFormat;
import java.util.random.RandomGenerator;

/** Generated parts of names. */
public final class Names {
  private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

  private final RandomGenerator random;

  /**
   * @param random source of the generated suffixes, used by one thread at a time
   */
  public Names(RandomGenerator random) {
    this.random = random;
  }

  /** {@return a random suffix of lower-case letters and digits} */
  public String suffix(int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return text.toString();
  }

  static String hex(long number) {
    return HexFormat.of().toHexDigits(number);
  }
}
