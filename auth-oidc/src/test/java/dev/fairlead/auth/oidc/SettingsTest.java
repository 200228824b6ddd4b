package dev.fairlead.auth.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.api.InvalidException;
import java.net.http.HttpClient;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

  @Test
  void everyMistakeIsReportedAtOnce() {
    OidcBuilder builder =
        OidcAuthenticator.builder()
            .issuer(
                OidcIssuer.of("http://id.example.com")
                    .algorithms(new SignatureAlgorithm[0])
                    .username(Claim.of("/a~2").matching("(").prefixedBy("system:x"))
                    .groups(Claim.of(""))
                    .extra("Authentication.kubernetes.io/pod", Claim.of("pod"))
                    .extra("authentication.kubernetes.io/pod", Claim.of("pod"))
                    .requiring("", "x")
                    .skew(Duration.ofMinutes(6))
                    .keys(Duration.ofSeconds(1), Duration.ofDays(8)))
            .http(HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build())
            .timeout(Duration.ZERO);
    assertThatThrownBy(builder::build)
        .isInstanceOf(InvalidException.class)
        .hasMessageStartingWith("oidc: 15 mistakes\n")
        .hasMessageContaining(
            "issuer http://id.example.com: \"http://id.example.com\" (expected: an https URL")
        .hasMessageContaining("audience: none (expected: at least 1")
        .hasMessageContaining("algorithms: none")
        .hasMessageContaining("username: \"/a~2\"")
        .hasMessageContaining("username, prefix: \"system:x\"")
        .hasMessageContaining("username, pattern: ")
        .hasMessageContaining("groups: \"\"")
        .hasMessageContaining("extra Authentication.kubernetes.io/pod: cannot be a key")
        .hasMessageContaining("extra authentication.kubernetes.io/pod: cannot be a key")
        .hasMessageContaining("requiring: \"\"")
        .hasMessageContaining("skew: PT6M (expected: PT0S to PT5M)")
        .hasMessageContaining("keys, fresh: PT1S")
        .hasMessageContaining("keys, kept: PT192H")
        .hasMessageContaining("http: follows redirects")
        .hasMessageContaining("timeout: PT0S");
  }

  @Test
  void noIssuerIsAMistake() {
    assertThatThrownBy(() -> OidcAuthenticator.builder().build())
        .hasMessageContaining("issuer: none");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://id.example.com",
        "http://127.0.0.1.example.com",
        "http://localhost.example.com",
        "http://169.254.169.254",
        "https://user@id.example.com",
        "https://id.example.com/#x",
        "https://id.example.com/?x",
        "id.example.com",
        "",
        "file:///etc/passwd"
      })
  void issuerIsReachedSecurely(String url) {
    assertThatThrownBy(() -> OidcAuthenticator.issuer(url).audience("fairlead").build())
        .isInstanceOf(InvalidException.class)
        .hasMessageContaining("issuer " + url);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://id.example.com",
        "https://id.example.com:8443/realms/prod",
        "https://tenant.example.com/",
        "http://localhost:8080",
        "http://127.0.0.1:8080",
        "http://[::1]:8080"
      })
  void issuerOverHttpsOrOnThisMachineIsFine(String url) {
    try (OidcAuthenticator built = OidcAuthenticator.issuer(url).audience("fairlead").build()) {
      assertThat(built).hasToString("OidcAuthenticator[" + url + "]");
    }
  }

  @Test
  void severalIssuersNeedNamesThatAreApart() {
    OidcIssuer one = OidcIssuer.of("https://one.example.com").audience("fairlead");
    OidcIssuer other = OidcIssuer.of("https://other.example.com").audience("fairlead");
    assertThatThrownBy(() -> OidcAuthenticator.builder().issuer(one).issuer(other).build())
        .hasMessageContaining("username: prefixes \"\" and \"\"");
    assertThatThrownBy(
            () ->
                OidcAuthenticator.builder()
                    .issuer(one.username(Claim.of("sub").prefixedBy("a:")))
                    .issuer(other.username(Claim.of("sub").prefixedBy("a:b:")))
                    .build())
        .hasMessageContaining("neither begins with the other");
    assertThatThrownBy(() -> OidcAuthenticator.builder().issuer(one).issuer(one).build())
        .hasMessageContaining("twice");
    OidcAuthenticator.builder()
        .issuer(one.username(Claim.of("sub").prefixedBy("a:")))
        .issuer(other.username(Claim.of("sub").prefixedBy("b:")))
        .build()
        .close();
    OidcAuthenticator.builder().issuer(one).issuer(other).sharedNames().build().close();
  }
}
