package dev.fairlead.auth.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.security.interfaces.RSAPublicKey;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The keys with which an issuer signs tokens (RFC 7517). */
final class KeySet {

  private static final Pattern BASE64URL = Pattern.compile("[A-Za-z0-9_-]+");
  private static final int MOST_KEYS = 200;
  private static final int FEWEST_RSA_BITS = 2_048;
  private static final int MOST_RSA_BITS = 8_192;
  private static final int MOST_EXPONENT_BITS = 64;

  private record Key(@Nullable String id, JWK jwk) {
    boolean fits(SignatureAlgorithm algorithm) {
      if (jwk.getAlgorithm() != null && !jwk.getAlgorithm().getName().equals(algorithm.name())) {
        return false;
      }
      if (jwk instanceof RSAKey) {
        return algorithm.curve().isEmpty();
      }
      return jwk instanceof ECKey ec
          ? ec.getCurve().getName().equals(algorithm.curve())
          : jwk instanceof OctetKeyPair pair && pair.getCurve().getName().equals(algorithm.curve());
    }
  }

  private final List<Key> keys;

  private KeySet(List<Key> keys) {
    this.keys = keys;
  }

  /**
   * Reads a set; keys that are not for signatures, or too weak, are left out.
   *
   * @throws ParseException if it is no set, or none of its keys can be used
   */
  static KeySet parse(String json) throws ParseException {
    List<Object> listed = JSONObjectUtils.getJSONArray(JSONObjectUtils.parse(json), "keys");
    if (listed == null || listed.size() > MOST_KEYS) {
      throw new ParseException(
          "keys: "
              + (listed == null ? "missing" : listed.size())
              + " (expected: a list of 1-"
              + MOST_KEYS
              + ")",
          0);
    }
    List<Key> usable = new ArrayList<>();
    for (Object one : listed) {
      JWK key = one instanceof Map<?, ?> object ? usable(object) : null;
      if (key != null) {
        usable.add(new Key(key.getKeyID(), key));
      }
    }
    if (usable.isEmpty()) {
      throw new ParseException(
          "keys: none of "
              + listed.size()
              + " can be used (expected: RSA keys of 2048-8192 bits, EC keys on P-256, P-384 or"
              + " P-521, or Ed25519 keys, for signatures)",
          0);
    }
    return new KeySet(List.copyOf(usable));
  }

  @SuppressWarnings("unchecked") // JSON objects have texts as names.
  private static @Nullable JWK usable(Map<?, ?> object) {
    try {
      JWK key = JWK.parse((Map<String, Object>) object).toPublicJWK();
      return key != null && isForSignatures(key) && isStrong(key) ? key : null;
    } catch (ParseException | JOSEException | RuntimeException e) {
      // Of a kind, or with parameters, that nobody here knows: other keys of the set still count.
      return null;
    }
  }

  private static boolean isForSignatures(JWK key) {
    return (key.getKeyUse() == null || key.getKeyUse().equals(KeyUse.SIGNATURE))
        && (key.getKeyOperations() == null
            || key.getKeyOperations().isEmpty()
            || key.getKeyOperations().contains(KeyOperation.VERIFY));
  }

  private static boolean isStrong(JWK key) throws JOSEException {
    if (key instanceof RSAKey rsa) {
      RSAPublicKey present = rsa.toRSAPublicKey();
      int bits = present.getModulus().bitLength();
      return bits >= FEWEST_RSA_BITS
          && bits <= MOST_RSA_BITS
          && present.getPublicExponent().bitLength() <= MOST_EXPONENT_BITS
          && present.getPublicExponent().bitLength() > 1
          && present.getPublicExponent().testBit(0);
    }
    if (key instanceof ECKey ec) {
      return ec.toECPublicKey() != null;
    }
    return key instanceof OctetKeyPair pair && Ed25519.isKey(pair);
  }

  /** Whether there is a key that a token with that key id and algorithm can be verified with. */
  boolean knows(@Nullable String id, SignatureAlgorithm algorithm) {
    return !fitting(id, algorithm).isEmpty();
  }

  private List<Key> fitting(@Nullable String id, SignatureAlgorithm algorithm) {
    return keys.stream()
        .filter(key -> id == null || id.equals(key.id()))
        .filter(key -> key.fits(algorithm))
        .toList();
  }

  /**
   * Verifies a signature.
   *
   * @throws TokenRefused if it does not hold
   */
  void verify(Jwt token, @Nullable String id, SignatureAlgorithm algorithm) throws TokenRefused {
    List<Key> fitting = fitting(id, algorithm);
    if (fitting.size() != 1) {
      throw new TokenRefused(
          fitting.isEmpty()
              ? "key id: the issuer has no such key for " + algorithm
              : "key id: " + fitting.size() + " keys fit (expected: a key id that names one)");
    }
    boolean holds;
    try {
      holds = holds(fitting.get(0).jwk(), token, algorithm);
    } catch (JOSEException | RuntimeException e) {
      holds = false;
    }
    if (!holds) {
      throw new TokenRefused("signature: does not hold");
    }
  }

  private static boolean holds(JWK key, Jwt token, SignatureAlgorithm algorithm)
      throws JOSEException {
    // The decoder skips over what it does not know, and a token must have one form only.
    if (!BASE64URL.matcher(token.signature().toString()).matches()) {
      return false;
    }
    if (key instanceof OctetKeyPair pair) {
      return Ed25519.verify(pair, token.signed(), token.signature().decode());
    }
    JWSVerifier verifier =
        key instanceof RSAKey rsa
            ? new RSASSAVerifier(rsa.toRSAPublicKey())
            : new ECDSAVerifier(key.toECKey().toECPublicKey());
    // A header of our own: nothing the token says about itself has a say in how it is verified.
    return verifier.verify(
        new JWSHeader.Builder(algorithm.jose()).build(), token.signed(), token.signature());
  }
}
