package dev.fairlead.auth.local;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * A password hashed by Argon2id (RFC 9106), as the text {@code
 * $argon2id$v=19$m=…,t=…,p=…$salt$hash} that other programs write, too.
 */
record Argon2(Cost cost, byte[] salt, byte[] hash) {

  /**
   * What a hash costs.
   *
   * @param memory KiB
   * @param passes over the memory
   * @param lanes side by side
   */
  record Cost(int memory, int passes, int lanes) {}

  private static final Pattern FORM =
      Pattern.compile(
          "\\$argon2id\\$v=19\\$m=(\\d{1,6}),t=(\\d{1,2}),p=(\\d)\\$([A-Za-z0-9+/]{11,86})"
              + "\\$([A-Za-z0-9+/]{22,86})");
  private static final int MOST_MEMORY = 64 * 1024;
  private static final int MOST_PASSES = 16;
  private static final int SALT_BYTES = 16;
  private static final int HASH_BYTES = 32;

  static Argon2 of(String password, Cost cost, SecureRandom random) {
    byte[] salt = new byte[SALT_BYTES];
    random.nextBytes(salt);
    return new Argon2(cost, salt, compute(password, cost, salt, HASH_BYTES));
  }

  /** Reads a hash whose cost can be borne. */
  static Optional<Argon2> parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      return Optional.empty();
    }
    Cost cost =
        new Cost(
            Integer.parseInt(form.group(1)),
            Integer.parseInt(form.group(2)),
            Integer.parseInt(form.group(3)));
    if (cost.lanes() < 1
        || cost.passes() < 1
        || cost.passes() > MOST_PASSES
        || cost.memory() < 8 * cost.lanes()
        || cost.memory() > MOST_MEMORY) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Argon2(
              cost,
              Base64.getDecoder().decode(form.group(4)),
              Base64.getDecoder().decode(form.group(5))));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  boolean matches(String password) {
    return MessageDigest.isEqual(hash, compute(password, cost, salt, hash.length));
  }

  private static byte[] compute(String password, Cost cost, byte[] salt, int bytes) {
    Argon2BytesGenerator argon2 = new Argon2BytesGenerator();
    argon2.init(
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withVersion(Argon2Parameters.ARGON2_VERSION_13)
            .withMemoryAsKB(cost.memory())
            .withIterations(cost.passes())
            .withParallelism(cost.lanes())
            .withSalt(salt)
            .build());
    byte[] hash = new byte[bytes];
    argon2.generateBytes(password.getBytes(StandardCharsets.UTF_8), hash);
    return hash;
  }

  /** The text that is kept. */
  String text() {
    Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
    return "$argon2id$v=19$m="
        + cost.memory()
        + ",t="
        + cost.passes()
        + ",p="
        + cost.lanes()
        + "$"
        + base64.encodeToString(salt)
        + "$"
        + base64.encodeToString(hash);
  }

  @Override
  public String toString() {
    return "Argon2[" + cost + "]";
  }
}
