package dev.fairlead.core.audit;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A record's place in a chain.
 *
 * @param sequence the record's number, from 1 on
 * @param hash SHA-256 of its line, the line's end included, in lower-case hexadecimal
 */
record ChainLink(long sequence, String hash) {

  /** What the first record of a chain follows. */
  static final ChainLink START = new ChainLink(0, "0".repeat(64));

  /** The link that a line makes to its successor. */
  ChainLink then(byte[] line) {
    return new ChainLink(sequence + 1, sha256(line));
  }

  /** The same for a line that is a part of something, by a digest that nobody else uses. */
  ChainLink then(MessageDigest digest, byte[] bytes, int from, int to) {
    digest.update(bytes, from, to - from);
    return new ChainLink(sequence + 1, HexFormat.of().formatHex(digest.digest()));
  }

  static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(digest().digest(bytes));
  }

  static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("no SHA-256 (expected: every JDK has it)", e);
    }
  }
}
