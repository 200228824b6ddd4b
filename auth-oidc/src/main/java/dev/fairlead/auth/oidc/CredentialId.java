package dev.fairlead.auth.oidc;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.regex.Pattern;

/** How a token is named where the token itself must not be seen. */
final class CredentialId {

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._:-]{8,128}");

  private CredentialId() {}

  /** Its {@code jti}, by which the issuer knows it; without one, a hash of the token. */
  static String of(String issuer, Map<String, Object> claims, byte[] token) {
    String id =
        claims.get("jti") instanceof String jti && PLAIN.matcher(jti).matches()
            ? jti
            : "sha256:" + hash(token);
    return "oidc/" + issuer.replaceFirst("^https?://", "") + "#" + id;
  }

  private static String hash(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes), 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is missing (expected: in every Java runtime)", e);
    }
  }
}
