package dev.fairlead.auth.local;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.fairlead.api.Identity;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.RSAPublicKey;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Access tokens: JSON Web Tokens of RFC 9068, signed with RS256. One is looked at only as the one
 * kind that is issued here; what it says about how it wants to be verified has no say.
 */
final class SessionTokens {

  private static final int LONGEST = 16 * 1024;
  private static final String TYPE = "at+jwt";

  /** A token with its end. */
  record Signed(String text, Instant expiresAt) {
    @Override
    public String toString() {
      return "Signed[until " + expiresAt + "]";
    }
  }

  /** What a token says. */
  sealed interface Read {
    /** It was issued here and holds, as far as it says itself. */
    record Good(String userId, String sessionId, Instant expiresAt) implements Read {}

    /** It claims to be of here, and does not hold. */
    record Bad(String reason) implements Read {}

    /** It does not claim to be of here. */
    record Foreign() implements Read {}
  }

  private final String issuer;
  private final List<String> audiences;
  private final Duration life;
  private final SigningKeys keys;
  private final InstantSource time;

  SessionTokens(
      String issuer, List<String> audiences, Duration life, SigningKeys keys, InstantSource time) {
    this.issuer = issuer;
    this.audiences = audiences;
    this.life = life;
    this.keys = keys;
    this.time = time;
  }

  /** Makes sure that there is a key, before anything is done that ends with a token. */
  void requireKey() {
    keys.signing();
  }

  Signed issue(Identity identity, String email, String userId, String sessionId) {
    SigningKeys.Key key = keys.signing();
    Instant now = Instant.ofEpochSecond(time.instant().getEpochSecond());
    Instant end = now.plus(life);
    SignedJWT token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.RS256)
                .keyID(key.id())
                .type(new JOSEObjectType(TYPE))
                .build(),
            new JWTClaimsSet.Builder()
                .issuer(issuer)
                .subject(userId)
                .audience(audiences)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(end))
                .jwtID(UUID.randomUUID().toString())
                .claim("sid", sessionId)
                .claim("email", email)
                .claim("preferred_username", identity.username())
                .claim("groups", identity.groups())
                .build());
    try {
      token.sign(new RSASSASigner(key.privateKey()));
    } catch (JOSEException e) {
      throw new IllegalStateException("RS256 is missing (expected: in every Java runtime)", e);
    }
    return new Signed(token.serialize(), end);
  }

  /**
   * Whether a token claims to be of here, be it good or bad; costs little and blocks for nothing.
   */
  boolean isOurs(String text) {
    String[] parts = parts(text);
    Map<String, Object> claims = parts.length == 3 ? object(parts[1]) : null;
    return claims != null && issuer.equals(claims.get("iss"));
  }

  private static String[] parts(String text) {
    return text.length() <= LONGEST ? text.split("\\.", 4) : new String[0];
  }

  /** Reads a token and verifies it. */
  Read read(String text) {
    String[] parts = parts(text);
    Map<String, Object> claims = parts.length == 3 ? object(parts[1]) : null;
    if (claims == null || !issuer.equals(claims.get("iss"))) {
      return new Read.Foreign();
    }
    Map<String, Object> header = object(parts[0]);
    if (header == null) {
      return new Read.Bad("access token: its header is malformed");
    }
    String flaw = flawOf(header);
    if (flaw == null) {
      flaw = flawOf(claims, header, parts);
    }
    if (flaw != null) {
      return new Read.Bad("access token: " + flaw);
    }
    return claims.get("sub") instanceof String user
            && claims.get("sid") instanceof String session
            && claims.get("exp") instanceof Number end
        ? new Read.Good(user, session, Instant.ofEpochSecond(end.longValue()))
        : new Read.Bad("access token: sub, sid or exp is missing");
  }

  private static @Nullable String flawOf(Map<String, Object> header) {
    if (!JWSAlgorithm.RS256.getName().equals(header.get("alg"))) {
      return "alg: another (expected: RS256)";
    }
    if (!TYPE.equals(header.get("typ"))) {
      return "typ: another (expected: at+jwt)";
    }
    return header.containsKey("crit") ? "crit: asks for what is not known here" : null;
  }

  private @Nullable String flawOf(
      Map<String, Object> claims, Map<String, Object> header, String[] parts) {
    Instant now = time.instant();
    if (!(claims.get("aud") instanceof List<?> named) || !named.containsAll(audiences)) {
      if (!(audiences.size() == 1 && audiences.get(0).equals(claims.get("aud")))) {
        return "aud: another (expected: " + audiences + ")";
      }
    }
    if (!(claims.get("exp") instanceof Number end) || now.getEpochSecond() >= end.longValue()) {
      return "exp: expired, or missing";
    }
    Optional<RSAPublicKey> key =
        header.get("kid") instanceof String id ? keys.verifying(id) : Optional.empty();
    if (key.isEmpty()) {
      return "kid: no key of that name verifies";
    }
    return holds(key.get(), parts) ? null : "signature: does not hold";
  }

  private static boolean holds(RSAPublicKey key, String[] parts) {
    Base64URL signature = new Base64URL(parts[2]);
    // The decoder skips over what it does not know, and a token must have one form only.
    if (!Base64URL.encode(signature.decode()).toString().equals(parts[2])) {
      return false;
    }
    try {
      return new RSASSAVerifier(key)
          .verify(
              new JWSHeader.Builder(JWSAlgorithm.RS256).build(),
              (parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII),
              signature);
    } catch (JOSEException | RuntimeException e) {
      return false;
    }
  }

  private static @Nullable Map<String, Object> object(String base64url) {
    try {
      byte[] json = Base64.getUrlDecoder().decode(base64url);
      return JSONObjectUtils.parse(new String(json, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException | ParseException e) {
      return null;
    }
  }
}
