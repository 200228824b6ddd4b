package dev.fairlead.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** API servers that lie, rows 18 and 29 of the table in docs/security.md. */
@ExtendWith(SharedControlPlane.class)
@TestInstance(Lifecycle.PER_CLASS)
class LiesOfApiServersIT {

  private static final String LIAR = "/clusters/liar/api/v1/namespaces/x/";
  private static final String UPGRADE =
      "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
          + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";

  private RefusalSite site;

  @BeforeAll
  void start(ControlPlane plane) throws InterruptedException {
    site = new RefusalSite(plane);
  }

  @AfterAll
  void stop() {
    site.close();
  }

  private Wire.Answer fromLiar(String name) throws Exception {
    return Wire.http1(site, Wire.get(LIAR + name, User.ALICE.token()), false);
  }

  static List<String> lies() {
    return LyingApiServer.names();
  }

  @ParameterizedTest
  @MethodSource("lies")
  void row29LieTouchesNobodyElse(String name) throws Exception {
    Wire.Answer answer = fromLiar(name);
    switch (name) {
      case "honest" -> assertThat(answer.body()).isEqualTo(LyingApiServer.HONEST);
      case "longer" -> assertThat(answer.body()).isEqualTo("hello");
      case "redirect" -> {
        // Row 18: it is the client's to follow.
        assertThat(answer.status()).isEqualTo("302");
        assertThat(answer.head()).contains("169.254.169.254");
      }
      case "cookie" ->
          assertThat(answer.head()).doesNotContainIgnoringCase("set-cookie", "x-hop", "stolen");
      case "half-end", "halfchunk-end" -> {
        assertThat(answer.status()).isIn("200", "502", "closed");
        assertThat(answer.body()).doesNotContain("0\r\n\r\n").hasSizeLessThan(500);
      }
      default -> {
        assertThat(answer.status()).isIn("502", "503", "closed");
        answer.isOfTheHub();
      }
    }
    // Whoever comes next, perhaps over the same connection to the API server, is told no lie.
    for (int i = 0; i < 3; i++) {
      assertThat(Wire.http1(site, Wire.get(LIAR + "honest", User.CAROL.token()), false).body())
          .isEqualTo(LyingApiServer.HONEST);
    }
    site.marker("row-29");
  }

  @Test
  void row18UpgradeThatIsAnsweredOtherwiseIsABadGateway() throws Exception {
    for (String name : List.of("redirect", "honest")) {
      Wire.Answer answer =
          Wire.http1(
              site,
              "GET "
                  + LIAR
                  + name
                  + " HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer "
                  + User.ALICE.token()
                  + "\r\n"
                  + UPGRADE,
              true);
      assertThat(answer.status()).as("%s", answer).isEqualTo("502");
      answer.isOfTheHub();
    }
  }
}
