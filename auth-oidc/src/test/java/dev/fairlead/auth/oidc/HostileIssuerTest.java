package dev.fairlead.auth.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import dev.fairlead.api.TransportException;
import dev.fairlead.api.auth.Authentication;
import dev.fairlead.api.auth.Authentication.Authenticated;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Issuers that answer what they should not, or not at all. */
class HostileIssuerTest {

  private static void assertNobodyComesIn(Fixture fixture) {
    CompletableFuture<Authentication> found = fixture.ask(Fixture.RSA.sign(fixture.claims()));
    assertThatThrownBy(found::join)
        .hasCauseInstanceOf(TransportException.class)
        .hasMessageContaining(fixture.issuer.url());
  }

  @Test
  void discoveryOfAnotherIssuerIsRefused() {
    try (Fixture fixture = new Fixture()) {
      String url = fixture.issuer.url();
      for (String other : new String[] {url + "/", "https://id.example.com", "", url + "/realms"}) {
        fixture.issuer.at(
            TestIssuer.DISCOVERY,
            TestIssuer.json(() -> TestIssuer.discovery(other, url + TestIssuer.JWKS)));
        assertNobodyComesIn(fixture);
        fixture.time.advance(IssuerKeys.PAUSE);
      }
      assertThat(fixture.issuer.asked(TestIssuer.DISCOVERY)).isEqualTo(4);
      assertThat(fixture.issuer.asked(TestIssuer.JWKS)).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://169.254.169.254/latest/meta-data",
        "http://id.example.com/jwks",
        "https://user:pass@id.example.com/jwks",
        "file:///etc/passwd",
        "jar:file:///x!/y",
        "ftp://127.0.0.1/jwks",
        "//127.0.0.1/jwks",
        "https:///jwks",
        "",
        "null"
      })
  void keysAreOnlyFetchedFromWhereTheyMayBe(String jwksUri) {
    try (Fixture fixture = new Fixture()) {
      fixture.issuer.at(
          TestIssuer.DISCOVERY,
          TestIssuer.json(() -> TestIssuer.discovery(fixture.issuer.url(), jwksUri)));
      assertNobodyComesIn(fixture);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://169.254.169.254/jwks",
        "https://2852039166/jwks",
        "https://0xa9.0xfe.0xa9.0xfe/jwks",
        "https://[fe80::1]/jwks",
        "https://[::ffff:169.254.169.254]/jwks",
        "https://0.0.0.0/jwks",
        "https://[::]/jwks",
        "https://224.0.0.1/jwks",
        "https://127.0.0.1/jwks",
        "https://127.1/jwks",
        "https://[::1]/jwks",
        "https://localhost/jwks"
      })
  void issuerElsewhereDoesNotReachThisMachineOrItsLink(String jwksUri) {
    Destination issuer = Destination.configured("https://id.example.com").orElseThrow();
    assertThat(issuer.named(jwksUri))
        .satisfiesAnyOf(
            none -> assertThat(none).isEmpty(),
            some ->
                assertThatThrownBy(some.orElseThrow()::requireAllowedAddress)
                    .isInstanceOf(IOException.class));
  }

  @Test
  void redirectsAreNotFollowed() {
    try (Fixture fixture = new Fixture()) {
      String url = fixture.issuer.url();
      for (String path : new String[] {TestIssuer.JWKS, TestIssuer.DISCOVERY}) {
        for (int status : new int[] {301, 302, 303, 307, 308}) {
          fixture.issuer.at(
              path,
              request -> {
                request.getResponseHeaders().set("location", url + "/elsewhere");
                TestIssuer.send(request, status, "{}");
              });
          assertNobodyComesIn(fixture);
          fixture.time.advance(IssuerKeys.PAUSE);
        }
      }
      assertThat(fixture.issuer.asked("/elsewhere")).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {TestIssuer.DISCOVERY, TestIssuer.JWKS})
  void endlessDocumentsAreCutOff(String path) {
    try (Fixture fixture = new Fixture()) {
      AtomicLong sent = new AtomicLong();
      CountDownLatch ended = new CountDownLatch(1);
      fixture.issuer.at(
          path,
          request -> {
            request.sendResponseHeaders(200, 0);
            byte[] chunk = new byte[64 * 1024];
            java.util.Arrays.fill(chunk, (byte) ' ');
            try {
              for (int i = 0; i < 1_600; i++) {
                request.getResponseBody().write(chunk);
                sent.addAndGet(chunk.length);
              }
            } finally {
              ended.countDown();
            }
          });
      assertNobodyComesIn(fixture);
      assertThat(ended.await(10, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
      // What was on its way in buffers counts, too, but it is far from the 100 MB.
      assertThat(sent).hasValueLessThan(60_000_000L);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void slowIssuerIsGivenUp() {
    try (Fixture fixture = new Fixture(settings -> settings, Duration.ofMillis(300))) {
      CountDownLatch never = new CountDownLatch(1);
      fixture.issuer.at(
          TestIssuer.JWKS,
          request -> {
            // The head and a byte now and then, so that no timeout of a single read helps.
            request.sendResponseHeaders(200, 0);
            request.getResponseBody().write(' ');
            request.getResponseBody().flush();
            try {
              never.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          });
      assertNobodyComesIn(fixture);
      never.countDown();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {201, 204, 400, 401, 404, 500, 503})
  void onlyStatus200Counts(int status) {
    try (Fixture fixture = new Fixture()) {
      fixture.issuer.at(
          TestIssuer.JWKS,
          request -> {
            if (status == 204) {
              request.sendResponseHeaders(204, -1);
            } else {
              TestIssuer.send(request, status, fixture.issuer.jwks());
            }
          });
      assertNobodyComesIn(fixture);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{}",
        "{\"keys\":{}}",
        "{\"keys\":[]}",
        "{\"keys\":[7,null,{}]}",
        "{\"keys\":[{\"kty\":\"RSA\"}]}",
        "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AAAA\",\"y\":\"AAAA\"}]}",
        "<html>"
      })
  void documentsThatHoldNoKeysLetNobodyIn(String document) {
    try (Fixture fixture = new Fixture()) {
      fixture.issuer.at(TestIssuer.JWKS, TestIssuer.json(() -> document));
      assertNobodyComesIn(fixture);
    }
  }

  @Test
  void weakAndSecretKeysAreLeftOut() throws Exception {
    String weak = TestKey.of("rsa-1", SignatureAlgorithm.RS256, 1_024).published().toJSONString();
    String secret =
        new OctetSequenceKey.Builder(new byte[32]).keyID("rsa-1").build().toJSONString();
    String encryption =
        Fixture.RSA.published().toJSONString().replace("\"use\":\"sig\"", "\"use\":\"enc\"");
    assertThat(encryption).contains("enc");
    for (String key : new String[] {weak, secret, encryption}) {
      assertThatThrownBy(() -> KeySet.parse("{\"keys\":[" + key + "]}"))
          .isInstanceOf(java.text.ParseException.class);
    }
    String good = Fixture.EC.published().toJSONString();
    KeySet set = KeySet.parse("{\"keys\":[" + weak + "," + secret + "," + good + "]}");
    assertThat(set.knows("ec-1", SignatureAlgorithm.ES256)).isTrue();
    assertThat(set.knows("rsa-1", SignatureAlgorithm.RS256)).isFalse();
  }

  @Test
  void moreKeysThanAnybodyHasAreRefused() {
    StringBuilder keys = new StringBuilder(Fixture.EC.published().toJSONString());
    for (int i = 0; i < 200; i++) {
      keys.append(',').append(Fixture.EC.published().toJSONString());
    }
    assertThatThrownBy(() -> KeySet.parse("{\"keys\":[" + keys + "]}")).hasMessageContaining("201");
  }

  @Test
  void keyThatIsThereTwiceIsNotGuessedAt() throws Exception {
    try (Fixture fixture = new Fixture()) {
      TestKey twin = TestKey.of("rsa-1", SignatureAlgorithm.RS256);
      fixture.issuer.at(
          TestIssuer.JWKS,
          TestIssuer.json(
              () ->
                  new JWKSet(java.util.List.of(Fixture.RSA.published(), twin.published()))
                      .toString()));
      assertThat(fixture.refused(fixture.claims())).contains("2 keys fit");
    }
  }

  @Test
  void oneMistakeOfTheIssuerIsForgivenOnceItIsCorrected() {
    try (Fixture fixture = new Fixture()) {
      fixture.issuer.at(TestIssuer.JWKS, TestIssuer.json(() -> "{"));
      assertNobodyComesIn(fixture);
      fixture.issuer.at(TestIssuer.JWKS, TestIssuer.json(fixture.issuer::jwks));
      assertNobodyComesIn(fixture);
      fixture.time.advance(IssuerKeys.PAUSE);
      assertThat(fixture.present(fixture.claims())).isInstanceOf(Authenticated.class);
    }
  }
}
