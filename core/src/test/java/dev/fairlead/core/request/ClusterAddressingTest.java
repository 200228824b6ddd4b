package dev.fairlead.core.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterAddressingTest {

  private final ClusterAddressing addressing = ClusterAddressing.byPathAndHost("hub.example.com");

  @ParameterizedTest
  @CsvSource({
    "/clusters/prod-eu/api/v1/pods?watch=1, prod-eu, /api/v1/pods?watch=1",
    "/clusters/prod-eu/, prod-eu, /",
    "/clusters/prod-eu, prod-eu, /",
    "/clusters/prod-eu?x=%3A, prod-eu, /?x=%3A",
    "/clusters/prod-eu/?, prod-eu, /?",
    "/clusters/0/apis/a/v1/b/system%3Anode, 0, /apis/a/v1/b/system%3Anode",
    "/clusters/a/clusters/b/api, a, /clusters/b/api",
  })
  void pathNamesTheClusterAndTheRestKeepsItsBytes(String raw, String cluster, String rest) {
    ClusterRequest request = addressing.resolve(null, RequestTarget.parse(raw)).orElseThrow();
    assertThat(request.cluster()).hasToString(cluster);
    assertThat(request.target().raw()).isEqualTo(rest);
    assertThat(request.target().segments()).isEqualTo(RequestTarget.parse(rest).segments());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/", "/healthz", "/clusters", "/clusters/", "/clustersx/a", "/%63lusters/a/api"})
  void otherPathsAreTheHubsOwn(String raw) {
    assertThat(addressing.resolve("hub.example.com:443", RequestTarget.parse(raw))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"A", "a.", "a.b", "-a", "a-", "a%20", "%61", "a_b", "prod%2Deu", "a:b", "a,b"})
  void onlyALowerCaseLabelIsACluster(String name) {
    assertThat(refusal(null, "/clusters/" + name + "/api")).isEqualTo(404);
  }

  @Test
  void labelHasAtMostSixtyThreeCharacters() {
    String longest = "a".repeat(63);
    assertThat(addressing.resolve(null, RequestTarget.parse("/clusters/" + longest))).isPresent();
    assertThat(refusal(null, "/clusters/" + longest + "a")).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource({
    "prod-eu.hub.example.com, /api/v1, /api/v1",
    "prod-eu.hub.example.com:8443, /api/v1, /api/v1",
    "prod-eu.HUB.example.COM, /?x, /?x",
    "prod-eu.hub.example.com, /clusters/prod-eu/api, /api",
    "prod-eu.hub.example.com, /clusters, /clusters",
  })
  void hostNamesTheCluster(String host, String raw, String rest) {
    ClusterRequest request = addressing.resolve(host, RequestTarget.parse(raw)).orElseThrow();
    assertThat(request.cluster()).hasToString("prod-eu");
    assertThat(request.target().raw()).isEqualTo(rest);
  }

  @ParameterizedTest
  @CsvSource({
    "prod-eu.hub.example.com, /clusters/prod-us/api, 400",
    "prod-eu.hub.example.com., /api, 400",
    "prod-eu.hub.example.com:http, /api, 400",
    "prod-eu.hub.example.com:, /api, 400",
    "prod-eu.hub.example.com:1:2, /api, 400",
    "PROD.hub.example.com, /api, 404",
    "a.b.hub.example.com, /api, 404",
    ".hub.example.com, /api, 404",
    "a%20.hub.example.com, /api, 404",
    "prod-eu.hub.example.com, /clusters/A/api, 404",
  })
  void hostThatDisagreesOrIsNoClusterIsRefused(String host, String raw, int code) {
    assertThat(refusal(host, raw)).isEqualTo(code);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"hub.example.com", "example.com", "xhub.example.com", "[::1]:8443", "", "a.b"})
  void hostsOutsideTheSuffixNameNoCluster(String host) {
    assertThat(addressing.resolve(host, RequestTarget.parse("/api"))).isEmpty();
    assertThat(addressing.resolve(host, RequestTarget.parse("/clusters/a/api"))).isPresent();
  }

  @Test
  void hostIsNotLookedAtUnlessConfigured() {
    assertThat(ClusterAddressing.byPath().resolve("a.hub.example.com", RequestTarget.parse("/api")))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".hub.example.com", "Hub.example.com", "hub..com", "hub.com:443"})
  void suffixMustBeAHostName(String suffix) {
    assertThatThrownBy(() -> ClusterAddressing.byPathAndHost(suffix))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("hostSuffix");
  }

  private int refusal(@Nullable String host, String raw) {
    return catchThrowableOfType(
            RefusedRequestException.class, () -> addressing.resolve(host, RequestTarget.parse(raw)))
        .code();
  }
}
