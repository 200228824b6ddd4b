package dev.fairlead.e2e;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Tokens that nobody is let in with, by the rows of the table in docs/security.md. */
final class RefusedTokens {

  private static final int MANY = 20;

  /** Makes a token when it is needed, as some are about the time. */
  interface Token {
    String from(TestIssuer issuer);
  }

  /** Takes a token with its row and name. */
  interface Taker {
    void take(int row, String name, Token token);
  }

  private RefusedTokens() {}

  static void byRow(Taker taker) {
    names(taker);
    signatures(taker);
    times(taker);
    keys(taker);
    for (String path : List.of("mismatch", "redirect", "endless")) {
      taker.take(13, "issuer: " + path, issuer -> issuer.token("iss", issuer.url() + "/" + path));
    }
  }

  private static void names(Taker taker) {
    taker.take(5, "no user name", issuer -> issuer.token("sub", null));
    taker.take(5, "an empty user name", issuer -> issuer.token("sub", ""));
    taker.take(5, "a user name that is no text", issuer -> issuer.token("sub", 7));
    taker.take(6, "group system:masters", issuer -> groups(issuer, "system:masters"));
    taker.take(
        6,
        "user system:serviceaccount",
        issuer -> issuer.token("sub", "system:serviceaccount:kube-system:default"));
    taker.take(
        7, "a group with CR and LF", issuer -> groups(issuer, "a\r\nImpersonate-User: root"));
    taker.take(7, "a user with LF", issuer -> issuer.token("sub", "a\nb"));
    taker.take(7, "a group with NUL", issuer -> groups(issuer, "a\u0000b"));
  }

  private static String groups(TestIssuer issuer, String... groups) {
    return issuer.token("groups", List.of(groups));
  }

  private static void signatures(Taker taker) {
    for (String none : List.of("none", "None", "nOnE")) {
      taker.take(
          10,
          "alg " + none,
          issuer -> TestIssuer.input(TestIssuer.header(none, "rsa-1"), issuer.claims()) + ".");
    }
    taker.take(10, "HS256 with the public key", RefusedTokens::publicKeyAsSecret);
    taker.take(
        10,
        "an algorithm that is not on the list",
        issuer ->
            TestIssuer.signed(TestIssuer.header("RS512", "rsa-1"), issuer.claims(), issuer.rsa));
    taker.take(
        10,
        "ES256 with zeros",
        issuer ->
            TestIssuer.input(TestIssuer.header("ES256", "ec-1"), issuer.claims())
                + "."
                + Base64URL.encode(new byte[64]));
  }

  private static String publicKeyAsSecret(TestIssuer issuer) {
    String input = TestIssuer.input(TestIssuer.header("HS256", "rsa-1"), issuer.claims());
    try {
      return input
          + "."
          + new MACSigner(issuer.rsa.toRSAPublicKey().getEncoded())
              .sign(new JWSHeader(JWSAlgorithm.HS256), input.getBytes(StandardCharsets.US_ASCII));
    } catch (JOSEException e) {
      throw new AssertionError(e);
    }
  }

  private static void times(Taker taker) {
    taker.take(11, "another issuer", issuer -> issuer.token("iss", "https://issuer.example"));
    taker.take(11, "another audience", issuer -> issuer.token("aud", "other"));
    taker.take(11, "another party", issuer -> issuer.token("azp", "other"));
    taker.take(11, "expired", issuer -> issuer.token("exp", now() - 120));
    taker.take(11, "not yet", issuer -> issuer.token("nbf", now() + 300));
    taker.take(11, "no expiry", issuer -> issuer.token("exp", null));
    taker.take(11, "issued in the future", issuer -> issuer.token("iat", now() + 100_000));
  }

  private static long now() {
    return Instant.now().getEpochSecond();
  }

  private static void keys(Taker taker) {
    RSAKey own;
    try {
      own = new RSAKeyGenerator(2_048).keyID("rsa-1").generate();
    } catch (JOSEException e) {
      throw new AssertionError(e);
    }
    taker.take(12, "jku", issuer -> own(issuer, own, "jku", issuer.url() + "/elsewhere"));
    taker.take(12, "x5u", issuer -> own(issuer, own, "x5u", issuer.url() + "/elsewhere"));
    taker.take(12, "jwk", issuer -> own(issuer, own, "jwk", own.toPublicJWK().toJSONObject()));
    for (String id : List.of("../../dev/null", "http://169.254.169.254/", "' OR 1=1 --")) {
      taker.take(
          12,
          "kid " + id,
          issuer -> TestIssuer.signed(TestIssuer.header("RS256", id), issuer.claims(), own));
    }
    for (int i = 0; i < MANY; i++) {
      String id = "unknown-" + i;
      taker.take(
          12,
          "kid " + id,
          issuer -> TestIssuer.signed(TestIssuer.header("RS256", id), issuer.claims(), own));
    }
  }

  private static String own(TestIssuer issuer, RSAKey key, String field, Object value) {
    Map<String, Object> header = TestIssuer.header("RS256", "rsa-1");
    header.put(field, value);
    return TestIssuer.signed(header, issuer.claims(), key);
  }
}
