package dev.fairlead.auth.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A key that tokens are signed with.
 *
 * @param published what its issuer shows of it
 */
record TestKey(String id, SignatureAlgorithm algorithm, PrivateKey secret, JWK published) {

  static TestKey of(String id, SignatureAlgorithm algorithm) {
    return of(id, algorithm, 2_048);
  }

  static TestKey of(String id, SignatureAlgorithm algorithm, int rsaBits) {
    try {
      KeyPair pair;
      JWK published;
      switch (algorithm) {
        case EdDSA -> {
          pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
          published =
              new OctetKeyPair.Builder(Curve.Ed25519, x((EdECPublicKey) pair.getPublic()))
                  .keyID(id)
                  .build();
        }
        case ES256, ES384, ES512 -> {
          Curve curve = Curve.parse(algorithm.curve());
          KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
          generator.initialize(new ECGenParameterSpec(curve.getStdName()));
          pair = generator.generateKeyPair();
          published =
              new ECKey.Builder(curve, (ECPublicKey) pair.getPublic())
                  .keyID(id)
                  .keyUse(KeyUse.SIGNATURE)
                  .build();
        }
        default -> {
          KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
          generator.initialize(rsaBits);
          pair = generator.generateKeyPair();
          published =
              new RSAKey.Builder((RSAPublicKey) pair.getPublic())
                  .keyID(id)
                  .keyUse(KeyUse.SIGNATURE)
                  .build();
        }
      }
      return new TestKey(id, algorithm, pair.getPrivate(), published);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static Base64URL x(EdECPublicKey key) {
    byte[] big = key.getPoint().getY().toByteArray();
    byte[] little = new byte[32];
    for (int i = 0; i < big.length && i < 32; i++) {
      little[i] = big[big.length - 1 - i];
    }
    if (key.getPoint().isXOdd()) {
      little[31] |= (byte) 0x80;
    }
    return Base64URL.encode(little);
  }

  Map<String, Object> header() {
    Map<String, Object> header = new LinkedHashMap<>();
    header.put("alg", algorithm.name());
    header.put("kid", id);
    header.put("typ", "JWT");
    return header;
  }

  String sign(Map<String, Object> claims) {
    return sign(header(), claims);
  }

  /** Signs with this key, whatever the header says. */
  String sign(Map<String, Object> header, Map<String, Object> claims) {
    return sign(header, JSONObjectUtils.toJSONString(claims));
  }

  String sign(Map<String, Object> header, String claims) {
    String input = encode(JSONObjectUtils.toJSONString(header)) + "." + encode(claims);
    return input + "." + signature(input.getBytes(StandardCharsets.US_ASCII));
  }

  static String encode(String text) {
    return Base64URL.encode(text).toString();
  }

  private Base64URL signature(byte[] input) {
    try {
      if (algorithm == SignatureAlgorithm.EdDSA) {
        Signature signer = Signature.getInstance("Ed25519");
        signer.initSign(secret);
        signer.update(input);
        return Base64URL.encode(signer.sign());
      }
      JWSSigner signer =
          secret instanceof ECPrivateKey ec ? new ECDSASigner(ec) : new RSASSASigner(secret, true);
      return signer.sign(new JWSHeader.Builder(algorithm.jose()).build(), input);
    } catch (GeneralSecurityException | JOSEException e) {
      throw new AssertionError(e);
    }
  }
}
