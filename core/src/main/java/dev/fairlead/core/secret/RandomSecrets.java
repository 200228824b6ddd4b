package dev.fairlead.core.secret;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Objects;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Makes ids and secrets, and the hashes by which secrets are kept. Safe for use by any thread.
 *
 * <p>A secret has 256 random bits, so there is nothing to guess and no dictionary to try: one round
 * of SHA-256 without a salt keeps it as well as a slow password hash would, and costs a hub nothing
 * when somebody sends it many wrong ones.
 */
public final class RandomSecrets {

  private static final String HMAC = "HmacSHA256";
  private static final int ID_BYTES = 8;
  private static final int SECRET_BYTES = 32;

  private final SecureRandom random;

  /**
   * Draws from a source.
   *
   * @param random where the bits come from
   */
  public RandomSecrets(SecureRandom random) {
    this.random = Objects.requireNonNull(random, "random");
  }

  /**
   * An id that may be shown.
   *
   * @return 16 hex digits in lower case
   */
  public String newId() {
    return HexFormat.of().formatHex(bytes(ID_BYTES));
  }

  /**
   * A secret.
   *
   * @return 43 characters of base64url (RFC 4648, section 5), without padding
   */
  public String newSecret() {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(SECRET_BYTES));
  }

  private byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  /**
   * What is kept of a secret.
   *
   * @param secret its text
   * @return SHA-256 of the text in UTF-8, as 64 hex digits in lower case
   */
  public static String hash(String secret) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha256.digest(secret.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is missing (expected: in every Java runtime)", e);
    }
  }

  /**
   * What is kept of a secret that belongs to an id: with another id it is worth nothing, so that a
   * hash which somebody moves to another record opens nothing there.
   *
   * @param secret its text, the key of the hash
   * @param id whose it is
   * @return HMAC-SHA-256 (RFC 2104) of the id, both texts in UTF-8, as 64 hex digits in lower case
   */
  public static String hash(String secret, String id) {
    try {
      Mac hmac = Mac.getInstance(HMAC);
      hmac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), HMAC));
      return HexFormat.of().formatHex(hmac.doFinal(id.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(HMAC + " is missing (expected: in every Java runtime)", e);
    }
  }
}
