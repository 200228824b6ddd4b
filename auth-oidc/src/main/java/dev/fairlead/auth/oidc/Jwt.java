package dev.fairlead.auth.oidc;

import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A JSON Web Token in compact form (RFC 7519) that nobody has verified yet.
 *
 * @param header what the token says about itself
 * @param claims what the token says about its bearer
 * @param issuer its {@code iss}
 * @param signed the bytes that the signature is over
 */
record Jwt(
    Map<String, Object> header,
    Map<String, Object> claims,
    String issuer,
    byte[] signed,
    Base64URL signature) {

  private static final int LONGEST = 16 * 1024;

  /** The token, or null if the text has not the form of one that names its issuer. */
  static @Nullable Jwt parse(String text) {
    if (text.length() > LONGEST || !text.startsWith("ey")) {
      return null;
    }
    int first = text.indexOf('.');
    int second = text.indexOf('.', first + 1);
    if (first < 0 || second < 0 || text.indexOf('.', second + 1) >= 0) {
      return null;
    }
    Map<String, Object> header = object(text.substring(0, first));
    Map<String, Object> claims = object(text.substring(first + 1, second));
    if (header == null || claims == null || !(claims.get("iss") instanceof String issuer)) {
      return null;
    }
    return new Jwt(
        header,
        claims,
        issuer,
        text.substring(0, second).getBytes(StandardCharsets.US_ASCII),
        new Base64URL(text.substring(second + 1)));
  }

  private static @Nullable Map<String, Object> object(String base64url) {
    try {
      byte[] json = Base64.getUrlDecoder().decode(base64url);
      return JSONObjectUtils.parse(new String(json, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException | ParseException e) {
      return null;
    }
  }

  /** A text in the header, or null. */
  @Nullable String headerText(String name) {
    return header.get(name) instanceof String text ? text : null;
  }

  @Override
  public String toString() {
    return "Jwt[…]";
  }
}
