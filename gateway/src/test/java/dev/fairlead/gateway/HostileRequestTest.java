package dev.fairlead.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.testkit.raw.RawClient;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests of which nothing may reach a cluster. */
final class HostileRequestTest {

  private static final String PODS = "/clusters/dev/api/v1/namespaces/x/pods";
  private static final String ALICE = "Authorization: Bearer alice-token\r\n";

  private GatewayFixture fixture;

  @BeforeEach
  void start() throws Exception {
    fixture = new GatewayFixture();
  }

  @AfterEach
  void stop() {
    try {
      assertThat(fixture.agent.taken).as("exchanges that reached the agent").isEmpty();
    } finally {
      fixture.close();
    }
  }

  private String answerTo(String request) throws Exception {
    try (RawClient client = fixture.client()) {
      return client.send(request).response();
    }
  }

  private static String get(String target, String fields) {
    return "GET " + target + " HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n";
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Authorization: Bearer\r\n",
        "Authorization: Bearer \r\n",
        "Authorization: Basic YWxpY2U6eA==\r\n",
        "Authorization: Bearer wrong\r\n",
        "Authorization: Bearer root-token\r\n",
        "Cookie: token=alice-token\r\n"
      })
  void withoutAnIdentityOfItsOwn(String fields) throws Exception {
    String response = answerTo(get(PODS + "?token=alice-token", fields));

    assertThat(response)
        .startsWith("HTTP/1.1 401")
        .contains("\"kind\":\"Status\"", "\"reason\":\"Unauthorized\"")
        .containsIgnoringCase("x-content-type-options: nosniff")
        .doesNotContain("root-token");
  }

  @Test
  void withTwoIdentities() throws Exception {
    assertThat(answerTo(get(PODS, ALICE + "Authorization: Bearer bob-token\r\n")))
        .startsWith("HTTP/1.1 400");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Impersonate-User: root",
        "impersonate-GROUP: system:masters",
        "Impersonate-Uid: 0",
        "Impersonate-Extra-Scopes: all",
        "Impersonate-Foo: x",
        "Impersonate_User: root"
      })
  void whichImpersonate(String field) throws Exception {
    assertThat(answerTo(get(PODS, ALICE + field + "\r\n")))
        .startsWith("HTTP/1.1 403")
        .contains("may not impersonate");
  }

  @Test
  void withoutARole() throws Exception {
    assertThat(answerTo(get(PODS, "Authorization: Bearer bob-token\r\n")))
        .startsWith("HTTP/1.1 403")
        .contains("\"reason\":\"Forbidden\"", "cannot list resource");
    assertThat(answerTo(get("/clusters/dev/api/v1/namespaces/x/secrets", ALICE)))
        .startsWith("HTTP/1.1 403");
    assertThat(answerTo(get("/clusters/other/api/v1/namespaces/x/pods", ALICE)))
        .startsWith("HTTP/1.1 403");
  }

  @ParameterizedTest
  @CsvSource({
    "/clusters/a/../dev/api/v1/pods, 400",
    "/clusters/dev/%2e%2e/gone/api/v1/pods, 400",
    "/clusters/dev%2fapi, 40",
    "/clusters/dev/api%5cv1, 400",
    "/clusters/dev//api, 400",
    "/clusters/dev/api;x=1, 400",
    "/clusters/dev/api/v1%00, 400",
    "/clusters/dev/api/v1/pods/%252e%252e, 400",
    "/clusters/DEV/api, 404",
    "/clusters/dev./api, 404",
    "/clusters/dev%20/api, 40",
    "http://h/clusters/dev/api/v1/namespaces/x/pods, 400",
    "*, 400",
    "/, 404",
    "/clusters/, 404"
  })
  void withTargetsThatCouldMeanSomethingElse(String target, String status) throws Exception {
    assertThat(answerTo(get(target, ALICE))).startsWith("HTTP/1.1 " + status);
  }

  @Test
  void whoseHostAndPathDisagree() throws Exception {
    assertThat(answerTo("GET " + PODS + " HTTP/1.1\r\nHost: gone.hub.test\r\n" + ALICE + "\r\n"))
        .startsWith("HTTP/1.1 400");
  }

  @ParameterizedTest
  @ValueSource(strings = {"TRACE", "CONNECT", "PROPFIND", "get"})
  void withMethodsNobodyServes(String method) throws Exception {
    String target = method.equals("CONNECT") ? "h:443" : PODS;
    assertThat(answerTo(method + " " + target + " HTTP/1.1\r\nHost: h\r\n" + ALICE + "\r\n"))
        .matches("(?s)HTTP/1.1 40[05].*");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "Content-Length: 5\r\nContent-Length: 6\r\n",
        "Content-Length: +5\r\n",
        "Content-Length: 5, 5\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
        "Transfer-Encoding: gzip, chunked\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding : chunked\r\n",
        "Host: other\r\n",
        "Bad Name: x\r\n"
      })
  void ofAmbiguousLengthOrForm(String fields) throws Exception {
    try (RawClient client = fixture.client()) {
      client.send(
          "POST "
              + PODS
              + " HTTP/1.1\r\nHost: h\r\n"
              + ALICE
              + fields
              + "\r\n0\r\n\r\n"
              + FrontDoorTest.get(PODS));
      String response = client.response();
      assertThat(response).startsWith("HTTP/1.1 400");
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void ofHttp10WithChunks() throws Exception {
    assertThat(
            answerTo(
                "POST "
                    + PODS
                    + " HTTP/1.0\r\nTransfer-Encoding: chunked\r\n"
                    + ALICE
                    + "\r\n0\r\n\r\n"))
        .startsWith("HTTP/1.1 400");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET %s HTTP/1.1\nHost: h\n%s\n",
        "GET %s HTTP/1.1\r\nHost: h\nX: y\r\n%s\r\n",
        "GET %s HTTP/1.1\r\nHost: h\r\nX: y\rImpersonate-User: root\r\n%s\r\n",
        "GET %s HTTP/2.0\r\nHost: h\r\n%s\r\n",
        "GET %s HTTP/1.1 \r\nHost: h\r\n%s\r\n",
        "GET %s HTTP/1.1\r\n Host: h\r\n%s\r\n"
      })
  void whoseLinesOthersMayReadDifferently(String form) throws Exception {
    try (RawClient client = fixture.client()) {
      client.send(form.formatted(PODS, ALICE) + FrontDoorTest.get(PODS));
      assertThat(client.response()).startsWith("HTTP/1.1 400").contains("\"kind\":\"Status\"");
      assertThat(client.rest()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "5;a\nb\r\nhello\r\n0\r\n\r\n",
        "5\nhello\r\n0\r\n\r\n",
        "5 \r\nhelloX\r\n0\r\n\r\n",
        "+5\r\nhello\r\n0\r\n\r\n",
        "0x5\r\nhello\r\n0\r\n\r\n",
        "5\r\nhelloooo\r\n0\r\n\r\n",
        "FFFFFFFFFFFFFFFFF\r\nhello\r\n0\r\n\r\n",
        ";x=y\r\nhello\r\n0\r\n\r\n",
        "0\r\nBad Trailer: x\r\n\r\n"
      })
  void ofChunksOthersMayReadDifferently(String body) throws Exception {
    try (RawClient client = fixture.client()) {
      client.send(
          "POST "
              + PODS
              + " HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer bob-token\r\n"
              + "Transfer-Encoding: chunked\r\n\r\n"
              + body
              + FrontDoorTest.get(PODS));
      assertThat(client.response()).matches("(?s)HTTP/1.1 40[03].*\"kind\":\"Status\".*");
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void whoseTrailersNeverEnd() throws Exception {
    try (RawClient client = fixture.client()) {
      client.send(
          "POST "
              + PODS
              + " HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer bob-token\r\n"
              + "Transfer-Encoding: chunked\r\n\r\n0\r\n");
      String line = "X-Padding: " + "x".repeat(8_000) + "\r\n";
      try {
        for (int i = 0; i < 1_000; i++) {
          client.send(line);
        }
      } catch (java.io.IOException closed) {
        // As it should be.
      }
      assertThat(client.rest()).doesNotContain("HTTP/1.1 2");
    }
  }

  /** RFC 9112 section 5.2 lets a server read a folded line as one, which is what is judged. */
  @Test
  void whichFoldALineAroundWhatIsForbidden() throws Exception {
    assertThat(answerTo(get(PODS, ALICE + "Impersonate-User:\r\n root\r\n")))
        .matches("(?s)HTTP/1.1 40[03].*");
    assertThat(answerTo(get(PODS, "Authorization: Bearer\r\n bob-token\r\n")))
        .matches("(?s)HTTP/1.1 40[013].*");
  }

  @ParameterizedTest
  @ValueSource(strings = {"h2c", "TLS/1.0", "SPDY/2"})
  void whichAskForAnotherProtocol(String protocol) throws Exception {
    assertThat(answerTo(get(PODS, ALICE + "Connection: Upgrade\r\nUpgrade: " + protocol + "\r\n")))
        .startsWith("HTTP/1.1 400");
  }

  @Test
  void whichHideARequestBehindARefusedUpgrade() throws Exception {
    try (RawClient client = fixture.client()) {
      client.send(
          "POST "
              + PODS
              + "/p/exec HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer bob-token\r\n"
              + "Connection: Upgrade\r\nUpgrade: SPDY/3.1\r\n\r\n"
              + FrontDoorTest.get(PODS));
      assertThat(client.response()).startsWith("HTTP/1.1 403");
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void whichFollowAnUpgradeThatWasRefusedAtOnce() throws Exception {
    try (RawClient client = fixture.client()) {
      client.send(
          "POST "
              + PODS
              + "/p/exec HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n\r\n"
              + FrontDoorTest.get(PODS));
      assertThat(client.response()).startsWith("HTTP/1.1 401");
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void withEndlessHeaders() throws Exception {
    try (RawClient client = fixture.client()) {
      client.send("GET " + PODS + " HTTP/1.1\r\nHost: h\r\n" + ALICE);
      String line = "X-Padding: " + "x".repeat(8_000) + "\r\n";
      for (String padding : List.of(line.repeat(5), line.repeat(5))) {
        client.send(padding);
      }
      assertThat(client.response()).startsWith("HTTP/1.1 4");
    }
  }

  @Test
  void forAClusterWhoseAgentIsNotThere() throws Exception {
    assertThat(answerTo(get("/clusters/gone/api/v1/namespaces/x/pods", ALICE)))
        .startsWith("HTTP/1.1 503");
  }
}
