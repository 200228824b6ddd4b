package dev.fairlead.auth.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.api.auth.Authentication;
import dev.fairlead.api.auth.Authentication.Authenticated;
import dev.fairlead.api.auth.Authentication.Rejected;
import dev.fairlead.api.auth.Authentication.Unknown;
import dev.fairlead.api.auth.BearerToken;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OidcAuthenticatorTest {

  @Test
  void goodTokenNamesItsBearer() {
    try (Fixture fixture = new Fixture()) {
      Authenticated found = fixture.good(fixture.claims());
      assertThat(found.identity().username()).isEqualTo("alice");
      assertThat(found.identity().groups()).isEmpty();
      assertThat(found.identity().uid()).isNull();
    }
  }

  @Test
  void holdsUntilItExpiresWithTheSkew() {
    try (Fixture fixture = new Fixture()) {
      assertThat(fixture.good(fixture.claims()).expiresAt())
          .isEqualTo(fixture.time.instant().plusSeconds(330));
    }
  }

  @Test
  void credentialIsNamedByItsIssuerAndItsOwnId() {
    try (Fixture fixture = new Fixture()) {
      assertThat(fixture.good(fixture.claims()).credentialId())
          .startsWith("oidc/127.0.0.1:")
          .endsWith("#0f9e8d7c-0001");
    }
  }

  @Test
  void credentialWithoutAUsableIdIsNamedByAHash() {
    try (Fixture fixture = new Fixture()) {
      Map<String, Object> claims = fixture.claims();
      claims.put("jti", "a\nb");
      String id = fixture.good(claims).credentialId();
      assertThat(id).containsPattern("#sha256:[0-9a-f]{32}$");
      assertThat(fixture.good(claims).credentialId()).isEqualTo(id);
      claims.put("jti", "c\nd");
      assertThat(fixture.good(claims).credentialId()).isNotEqualTo(id);
    }
  }

  @ParameterizedTest
  @EnumSource
  void verifiesEveryAlgorithm(SignatureAlgorithm algorithm) {
    try (Fixture fixture = new Fixture()) {
      TestKey key = TestKey.of("key", algorithm);
      fixture.issuer.keys.add(key);
      String token = key.sign(fixture.claims());
      assertThat(fixture.present(token)).isInstanceOf(Authenticated.class);
      String other = TestKey.of("key", algorithm).sign(fixture.claims());
      assertThat(fixture.present(other)).isInstanceOf(Rejected.class);
      int signature = token.lastIndexOf('.') + 10;
      String changed =
          token.substring(0, signature)
              + (token.charAt(signature) == 'A' ? 'B' : 'A')
              + token.substring(signature + 1);
      assertThat(fixture.present(changed)).isInstanceOf(Rejected.class);
    }
  }

  @Test
  void whatIsNotItsBusinessIsUnknown() {
    try (Fixture fixture = new Fixture()) {
      Map<String, Object> claims = fixture.claims();
      claims.put("iss", "https://other.example.com");
      assertThat(fixture.present(claims)).isInstanceOf(Unknown.class);
      claims.remove("iss");
      assertThat(fixture.present(claims)).isInstanceOf(Unknown.class);
      for (String token : List.of("x", "flu_0123456789abcdef_secret", "a.b.c", "eyJ.eyJ.x", "..")) {
        assertThat(fixture.present(token)).as(token).isInstanceOf(Unknown.class);
      }
      assertThat(fixture.issuer.requests).isEmpty();
    }
  }

  @Test
  void audienceMayBeOneOfSeveral() {
    try (Fixture fixture = new Fixture()) {
      Map<String, Object> claims = fixture.claims();
      claims.put("aud", List.of("account", "fairlead"));
      assertThat(fixture.present(claims)).isInstanceOf(Authenticated.class);
    }
  }

  @Test
  void authorizedPartyAndRequiredClaimsAreChecked() {
    try (Fixture fixture =
        new Fixture(issuer -> issuer.authorizedParty("cli").requiring("/address/country", "GL"))) {
      Map<String, Object> claims = fixture.claims();
      assertThat(fixture.refused(claims)).contains("azp");
      claims.put("azp", "other");
      assertThat(fixture.refused(claims)).contains("azp");
      claims.put("azp", "cli");
      assertThat(fixture.refused(claims)).contains("/address/country");
      claims.put("address", Map.of("country", "DK"));
      assertThat(fixture.refused(claims)).contains("/address/country");
      claims.put("address", Map.of("country", List.of("DK", "GL")));
      assertThat(fixture.present(claims)).isInstanceOf(Authenticated.class);
    }
  }

  @Test
  void severalIssuersAreChosenByTheTokenAndNeverTried() {
    try (TestIssuer one = new TestIssuer(TestKey.of("k", SignatureAlgorithm.RS256));
        TestIssuer other = new TestIssuer(TestKey.of("k", SignatureAlgorithm.RS256));
        OidcAuthenticator both =
            OidcAuthenticator.builder()
                .issuer(
                    OidcIssuer.of(one.url())
                        .audience("fairlead")
                        .username(Claim.of("sub").prefixedBy("one:")))
                .issuer(
                    OidcIssuer.of(other.url())
                        .audience("fairlead")
                        .username(Claim.of("sub").prefixedBy("other:")))
                .build()) {
      Map<String, Object> claims = other.claims(java.time.Instant.now());

      Authentication found = ask(both, other.keys.get(0).sign(claims));
      assertThat(((Authenticated) found).identity().username()).isEqualTo("other:alice");
      assertThat(one.requests).isEmpty();

      assertThat(ask(both, one.keys.get(0).sign(claims))).isInstanceOf(Rejected.class);
      assertThat(one.requests).isEmpty();
    }
  }

  @Test
  void issuerWithASlashAtItsEndIsFound() {
    try (TestIssuer server = new TestIssuer(Fixture.RSA);
        OidcAuthenticator authenticator =
            OidcAuthenticator.issuer(server.url() + "/").audience("fairlead").build()) {
      server.at(
          TestIssuer.DISCOVERY,
          TestIssuer.json(
              () -> TestIssuer.discovery(server.url() + "/", server.url() + TestIssuer.JWKS)));
      Map<String, Object> claims = server.claims(java.time.Instant.now());
      claims.put("iss", server.url() + "/");
      assertThat(ask(authenticator, Fixture.RSA.sign(claims))).isInstanceOf(Authenticated.class);
    }
  }

  @Test
  void textOfAnythingShowsNoToken() {
    try (Fixture fixture = new Fixture()) {
      String token = Fixture.RSA.sign(fixture.claims());
      assertThat(fixture.authenticator.toString() + fixture.present(token))
          .doesNotContain(token.substring(token.lastIndexOf('.') + 1))
          .contains(fixture.issuer.url());
    }
  }

  private static Authentication ask(OidcAuthenticator authenticator, String token) {
    return authenticator.authenticate(BearerToken.of(token)).toCompletableFuture().join();
  }
}
