package dev.fairlead.auth.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.fairlead.api.auth.Authentication;
import dev.fairlead.api.store.SigningKeyStore.StoredSigningKey;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Access tokens of which each is bad in one way. */
final class HostileAccessTokenTest {

  private final AccountsFixture fixture = new AccountsFixture();
  private IssuedTokens good;
  private JWTClaimsSet claims;
  private String kid;

  @BeforeEach
  void signIn() throws Exception {
    fixture.user("jane@example.com");
    good = fixture.signIn("jane@example.com");
    SignedJWT token = SignedJWT.parse(good.accessToken());
    claims = token.getJWTClaimsSet();
    kid = token.getHeader().getKeyID();
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private PrivateKey ownKey() throws Exception {
    StoredSigningKey stored = fixture.stores.signingKeys().list().get(0);
    return KeyFactory.getInstance("RSA")
        .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(stored.privateKey())));
  }

  private static JWSHeader.Builder header(JWSAlgorithm algorithm) {
    return new JWSHeader.Builder(algorithm).type(new JOSEObjectType("at+jwt"));
  }

  private static String sign(JWSHeader header, JWTClaimsSet claims, JWSSigner signer)
      throws Exception {
    SignedJWT token = new SignedJWT(header, claims);
    token.sign(signer);
    return token.serialize();
  }

  private String signed(UnaryOperator<JWTClaimsSet.Builder> edit) throws Exception {
    return sign(
        header(JWSAlgorithm.RS256).keyID(kid).build(),
        edit.apply(new JWTClaimsSet.Builder(claims)).build(),
        new RSASSASigner(ownKey()));
  }

  private void rejected(String token) {
    assertThat(fixture.present(token)).isInstanceOf(Authentication.Rejected.class);
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void tokenMadeWithTheRightKeyIsGood() throws Exception {
    assertThat(fixture.present(signed(same -> same)))
        .isInstanceOf(Authentication.Authenticated.class);
  }

  @Test
  void unsignedTokens() {
    String payload = good.accessToken().split("\\.")[1];
    for (String algorithm : List.of("none", "None", "NONE", "", "HS256", "RS256")) {
      String head =
          base64("{\"alg\":\"" + algorithm + "\",\"typ\":\"at+jwt\",\"kid\":\"" + kid + "\"}");
      rejected(head + "." + payload + ".");
      rejected(head + "." + payload + "." + good.accessToken().split("\\.")[2] + "A");
    }
    rejected(base64("{\"typ\":\"at+jwt\"}") + "." + payload + ".");
    rejected(base64("{}") + "." + payload + ".AAAA");
    rejected(base64("{no json") + "." + payload + ".AAAA");
  }

  @Test
  void publicKeyAsASecretOfHs256() throws Exception {
    RSAKey listed = (RSAKey) JWKSet.parse(fixture.accounts.jwks()).getKeyByKeyId(kid);
    for (byte[] secret :
        List.of(
            listed.toRSAPublicKey().getEncoded(),
            listed.toJSONString().getBytes(StandardCharsets.UTF_8))) {
      rejected(sign(header(JWSAlgorithm.HS256).keyID(kid).build(), claims, new MACSigner(secret)));
    }
  }

  @Test
  void rightKeyWithAnotherAlgorithm() throws Exception {
    for (JWSAlgorithm algorithm : List.of(JWSAlgorithm.RS384, JWSAlgorithm.PS256)) {
      rejected(sign(header(algorithm).keyID(kid).build(), claims, new RSASSASigner(ownKey())));
    }
  }

  @Test
  void keyThatTheTokenBringsAlong() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2_048);
    KeyPair pair = generator.generateKeyPair();
    JWK evil = new RSAKey.Builder((RSAPublicKey) pair.getPublic()).build();
    RSASSASigner signer = new RSASSASigner(pair.getPrivate());
    rejected(sign(header(JWSAlgorithm.RS256).keyID(kid).jwk(evil).build(), claims, signer));
    rejected(sign(header(JWSAlgorithm.RS256).jwk(evil).build(), claims, signer));
    rejected(sign(header(JWSAlgorithm.RS256).keyID("evil").build(), claims, signer));
  }

  @Test
  void claimsThatDoNotHold() throws Exception {
    Date now = Date.from(fixture.time.instant());
    rejected(signed(b -> b.audience("another")));
    rejected(signed(b -> b.audience((String) null)));
    rejected(signed(b -> b.expirationTime(now)));
    rejected(signed(b -> b.expirationTime(null)));
    rejected(signed(b -> b.subject("another")));
    rejected(signed(b -> b.subject(null)));
    rejected(signed(b -> b.claim("sid", "0123456789abcdef")));
    rejected(signed(b -> b.claim("sid", 7)));
    rejected(signed(b -> b.claim("sid", null)));
  }

  @Test
  void issuerThatIsAnotherIsNoneOfTheirBusiness() throws Exception {
    for (String issuer : List.of("https://hub.example.com/", "HTTPS://hub.example.com", "x")) {
      assertThat(fixture.present(signed(b -> b.issuer(issuer))))
          .isInstanceOf(Authentication.Unknown.class);
    }
  }

  @Test
  void idTokensAndOtherKindsAreNoAccessTokens() throws Exception {
    RSASSASigner signer = new RSASSASigner(ownKey());
    rejected(
        sign(
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(kid).type(JOSEObjectType.JWT).build(),
            claims,
            signer));
    rejected(sign(new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(kid).build(), claims, signer));
    rejected(
        sign(
            header(JWSAlgorithm.RS256)
                .keyID(kid)
                .criticalParams(Set.of("exp"))
                .customParam("exp", 1)
                .build(),
            claims,
            signer));
  }

  @Test
  void changedTokens() {
    String[] parts = good.accessToken().split("\\.");
    String admin =
        new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8)
            .replace("\"groups\":[]", "\"groups\":[\"local:administrator\"]");
    rejected(parts[0] + "." + base64(admin) + "." + parts[2]);
    rejected(parts[0] + "." + parts[1] + "." + parts[2] + "=");
    rejected(parts[0] + "." + parts[1] + "." + parts[2].substring(1));
    rejected(parts[0] + "." + parts[1] + "." + " " + parts[2]);
  }

  @Test
  void goodTokenUntilItExpires() {
    fixture.time.advance(Duration.ofMinutes(15).minusSeconds(1));
    assertThat(fixture.isGood(good)).isTrue();
    fixture.time.advance(Duration.ofSeconds(1));
    rejected(good.accessToken());
  }
}
