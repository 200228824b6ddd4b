package dev.fairlead.auth.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import dev.fairlead.api.auth.Authentication.Authenticated;
import dev.fairlead.api.auth.Authentication.Rejected;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens that somebody made who should not come in. */
class HostileTokenTest {

  private final Fixture fixture = new Fixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "None", "NONE", "nOnE", "HS256", "RS1", "ES256K", "rs256", ""})
  void algorithmThatIsNotAllowedIsRefused(String name) {
    Map<String, Object> header = Fixture.RSA.header();
    header.put("alg", name);
    assertThat(fixture.refused(Fixture.RSA.sign(header, fixture.claims()))).contains("alg");
    String unsigned = Fixture.RSA.sign(header, fixture.claims()).replaceFirst("[^.]*$", "");
    assertThat(fixture.refused(unsigned)).contains("alg");
    header.remove("alg");
    assertThat(fixture.refused(Fixture.RSA.sign(header, fixture.claims()))).contains("alg");
  }

  @Test
  void publicKeyIsNoSharedSecret() throws Exception {
    byte[] der = Fixture.RSA.published().toRSAKey().toRSAPublicKey().getEncoded();
    String pem =
        "-----BEGIN PUBLIC KEY-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
            + "\n-----END PUBLIC KEY-----\n";
    String jwk = Fixture.RSA.published().toJSONString();
    for (byte[] secret :
        List.of(
            der,
            pem.getBytes(StandardCharsets.US_ASCII),
            jwk.getBytes(StandardCharsets.US_ASCII))) {
      Map<String, Object> header = Fixture.RSA.header();
      header.put("alg", "HS256");
      String input = part(header) + "." + part(fixture.claims());
      Base64URL mac =
          new MACSigner(secret)
              .sign(new JWSHeader(JWSAlgorithm.HS256), input.getBytes(StandardCharsets.US_ASCII));
      assertThat(fixture.refused(input + "." + mac)).contains("alg");
    }
  }

  @Test
  void algorithmOutsideTheConfiguredOnesIsRefused() {
    try (Fixture strict = new Fixture(issuer -> issuer.algorithms(SignatureAlgorithm.ES256))) {
      assertThat(strict.refused(Fixture.RSA.sign(strict.claims()))).contains("alg");
      assertThat(strict.present(Fixture.EC.sign(strict.claims())))
          .isInstanceOf(Authenticated.class);
    }
  }

  @Test
  void signatureOfZerosIsRefused() {
    String token = Fixture.EC.sign(fixture.claims());
    String input = token.substring(0, token.lastIndexOf('.'));
    assertThat(fixture.refused(input + "." + Base64URL.encode(new byte[64]))).contains("signature");
    assertThat(fixture.refused(input + "." + Base64URL.encode(new byte[0]))).contains("signature");
    assertThat(fixture.refused(input + ".")).contains("signature");
  }

  @Test
  void keyOfAnotherAlgorithmDoesNotFit() {
    Map<String, Object> header = Fixture.RSA.header();
    header.put("kid", "ec-1");
    assertThat(fixture.refused(Fixture.RSA.sign(header, fixture.claims()))).contains("key id");
  }

  /** RFC 7515, appendix B: one signature has one form. */
  @Test
  void signatureWithCharactersThatDecodersSkipIsRefused() {
    String token = Fixture.RSA.sign(fixture.claims());
    assertThat(fixture.refused(token + "=")).contains("signature");
    assertThat(fixture.refused(token + "!")).contains("signature");
    assertThat(fixture.refused(token + "\n")).contains("signature");
  }

  @Test
  void keysThatATokenBringsOrNamesAreNotUsed() {
    TestKey own = TestKey.of("rsa-1", SignatureAlgorithm.RS256);
    String elsewhere = fixture.issuer.url() + "/elsewhere";
    fixture.issuer.at(
        "/elsewhere", TestIssuer.json(() -> "{\"keys\":[" + own.published().toJSONString() + "]}"));
    for (Map.Entry<String, Object> field :
        Map.of(
                "jku",
                elsewhere,
                "x5u",
                elsewhere,
                "jwk",
                own.published().toJSONObject(),
                "x5c",
                List.of("MIIB"))
            .entrySet()) {
      Map<String, Object> header = own.header();
      header.put(field.getKey(), field.getValue());
      assertThat(fixture.refused(own.sign(header, fixture.claims())))
          .as(field.getKey())
          .contains("signature");
    }
    assertThat(fixture.issuer.asked("/elsewhere")).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../../../../dev/null",
        "/etc/passwd",
        "rsa-1/../rsa-1",
        "' OR 1=1 --",
        "rsa-1\u0000",
        "http://169.254.169.254/",
        "RSA-1",
        ""
      })
  void keyIdIsANameAndNothingElse(String id) {
    Map<String, Object> header = Fixture.RSA.header();
    header.put("kid", id);
    assertThat(fixture.refused(Fixture.RSA.sign(header, fixture.claims()))).contains("key id");
    assertThat(fixture.issuer.requests).containsOnly(TestIssuer.DISCOVERY, TestIssuer.JWKS);
  }

  @Test
  void keyIdThatIsNoTextIsRefused() {
    Map<String, Object> header = Fixture.RSA.header();
    header.put("kid", 1);
    assertThat(fixture.refused(Fixture.RSA.sign(header, fixture.claims()))).contains("kid");
    header.put("kid", "x".repeat(257));
    assertThat(fixture.refused(Fixture.RSA.sign(header, fixture.claims()))).contains("kid");
  }

  @Test
  void withoutAKeyIdOneKeyHasToFit() {
    Map<String, Object> header = Fixture.RSA.header();
    header.remove("kid");
    String token = Fixture.RSA.sign(header, fixture.claims());
    assertThat(fixture.present(token)).isInstanceOf(Authenticated.class);
    fixture.issuer.keys.add(TestKey.of("rsa-2", SignatureAlgorithm.RS256));
    fixture.time.advance(Duration.ofMinutes(5));
    assertThat(fixture.refused(Fixture.RSA.sign(header, fixture.claims()))).contains("key id");
  }

  @Test
  void tenThousandUnknownKeysAskTheIssuerOnce() {
    fixture.present(fixture.claims());
    assertThat(fixture.issuer.asked(TestIssuer.JWKS)).isEqualTo(1);
    Random random = new Random(7);
    Map<String, Object> header = Fixture.RSA.header();
    for (int i = 0; i < 10_000; i++) {
      header.put("kid", "k" + random.nextLong());
      String token = part(header) + "." + part(fixture.claims()) + ".AAAA";
      assertThat(fixture.present(token)).isInstanceOf(Rejected.class);
    }
    assertThat(fixture.issuer.asked(TestIssuer.JWKS)).isEqualTo(2);
    fixture.time.advance(IssuerKeys.PAUSE);
    fixture.refused(part(header) + "." + part(fixture.claims()) + ".AAAA");
    assertThat(fixture.issuer.asked(TestIssuer.JWKS)).isEqualTo(3);
  }

  @Test
  void tokenForSomebodyElseIsRefusedWithoutAskingTheIssuer() {
    for (Object aud :
        new Object[] {"other", "Fairlead", List.of(), List.of("other"), 7, Map.of()}) {
      Map<String, Object> claims = fixture.claims();
      claims.put("aud", aud);
      assertThat(fixture.refused(claims)).contains("aud");
    }
    Map<String, Object> claims = fixture.claims();
    claims.remove("aud");
    assertThat(fixture.refused(claims)).contains("aud");
    assertThat(fixture.issuer.requests).isEmpty();
  }

  @Test
  void expiryIsRequiredAndHolds() {
    Map<String, Object> claims = fixture.claims();
    claims.remove("exp");
    assertThat(fixture.refused(claims)).contains("exp");
    for (Object never : new Object[] {"2099-01-01", "9999999999", -1, 1e300, true}) {
      claims.put("exp", never);
      assertThat(fixture.refused(claims)).as("%s", never).contains("exp");
    }
    String token = Fixture.RSA.sign(fixture.claims());
    fixture.time.advance(Duration.ofSeconds(329));
    assertThat(fixture.present(token)).isInstanceOf(Authenticated.class);
    fixture.time.advance(Duration.ofSeconds(1));
    assertThat(fixture.refused(token)).contains("expired");
  }

  @Test
  void whatIsYetToComeIsRefusedBeyondTheSkew() {
    long now = fixture.time.instant().getEpochSecond();
    for (String name : List.of("nbf", "iat")) {
      Map<String, Object> claims = fixture.claims();
      claims.put(name, now + 30);
      assertThat(fixture.present(claims)).isInstanceOf(Authenticated.class);
      claims.put(name, now + 31);
      assertThat(fixture.refused(claims)).contains(name);
    }
  }

  @Test
  void tokenThatAsksForUnknownExtensionsIsRefused() {
    Map<String, Object> header = Fixture.RSA.header();
    header.put("crit", List.of("b64"));
    header.put("b64", false);
    assertThat(fixture.refused(Fixture.RSA.sign(header, fixture.claims()))).contains("crit");
  }

  @ParameterizedTest
  @ValueSource(strings = {"logout+jwt", "secevent+jwt", "dpop+jwt", ""})
  void tokenOfAnotherKindIsRefused(String type) {
    Map<String, Object> header = Fixture.RSA.header();
    header.put("typ", type);
    assertThat(fixture.refused(Fixture.RSA.sign(header, fixture.claims()))).contains("typ");
  }

  @Test
  void accessTokensOfRfc9068AndTokensWithoutATypeAreTaken() {
    Map<String, Object> header = Fixture.RSA.header();
    header.put("typ", "at+jwt");
    assertThat(fixture.present(Fixture.RSA.sign(header, fixture.claims())))
        .isInstanceOf(Authenticated.class);
    header.remove("typ");
    assertThat(fixture.present(Fixture.RSA.sign(header, fixture.claims())))
        .isInstanceOf(Authenticated.class);
  }

  @Test
  void claimsThatCanBeReadInTwoWaysLetNobodyIn() {
    String claims = JSONObjectUtils.toJSONString(fixture.claims());
    String twice = claims.replaceFirst("\\{", "{\"sub\":\"root\",");
    assertThat(fixture.present(Fixture.RSA.sign(Fixture.RSA.header(), twice)))
        .isNotInstanceOf(Authenticated.class);
  }

  @Test
  void deepOrEndlessJsonLetsNobodyIn() {
    for (String claims : List.of("[".repeat(6_000), "{\"a\":".repeat(2_000), "{", "null", "7")) {
      assertThat(fixture.present(Fixture.RSA.sign(Fixture.RSA.header(), claims)))
          .isNotInstanceOf(Authenticated.class);
    }
    Map<String, Object> claims = fixture.claims();
    claims.put("padding", "x".repeat(17_000));
    assertThat(fixture.present(claims)).isNotInstanceOf(Authenticated.class);
  }

  @Test
  void reasonsShowNothingOfTheToken() {
    Map<String, Object> claims = fixture.claims();
    claims.put("exp", 1);
    String token = Fixture.RSA.sign(claims);
    assertThat(fixture.refused(token)).doesNotContain(token.substring(token.lastIndexOf('.') + 1));
  }

  private static String part(Map<String, Object> object) {
    return TestKey.encode(JSONObjectUtils.toJSONString(object));
  }
}
