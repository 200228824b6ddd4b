package dev.fairlead.gateway;

import static dev.fairlead.testkit.raw.RawHttp2Client.CONTINUATION;
import static dev.fairlead.testkit.raw.RawHttp2Client.DATA;
import static dev.fairlead.testkit.raw.RawHttp2Client.END_HEADERS;
import static dev.fairlead.testkit.raw.RawHttp2Client.END_STREAM;
import static dev.fairlead.testkit.raw.RawHttp2Client.HEADERS;
import static dev.fairlead.testkit.raw.RawHttp2Client.block;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.testkit.raw.RawHttp2Client;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames of HTTP/2 of which nothing may reach a cluster. */
final class HostileHttp2Test {

  private static final String PODS = "/clusters/dev/api/v1/namespaces/x/pods";

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

  private static byte[] get(String... more) {
    List<String> fields =
        new ArrayList<>(
            List.of(
                ":method",
                "GET",
                ":scheme",
                "https",
                ":authority",
                "h",
                ":path",
                PODS,
                "authorization",
                "Bearer alice-token"));
    fields.addAll(List.of(more));
    return block(fields.toArray(String[]::new));
  }

  private String answerTo(byte[] block) throws Exception {
    try (RawHttp2Client client = fixture.http2Client()) {
      return client.frame(HEADERS, END_HEADERS | END_STREAM, 1, block).outcome(1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ":fairlead-user",
        ":fairlead-group",
        ":fairlead-uid",
        ":fairlead-control",
        ":fairlead-audit-id",
        ":protocol",
        ":status"
      })
  void whichClaimTheFieldsOfATunnel(String field) throws Exception {
    assertThat(answerTo(get(field, "root"))).isIn("reset", "closed", "400");
    assertThat(answerTo(block(":method", "GET", field, "root", ":scheme", "https", ":path", PODS)))
        .isIn("reset", "closed", "400");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "impersonate-user | root",
        "impersonate-group | system:masters",
        "impersonate-foo | x",
        "impersonate_user | root"
      })
  void whichImpersonate(String field, String value) throws Exception {
    assertThat(answerTo(get(field, value))).isEqualTo("403");
    assertThat(answerTo(get(field, value, field, value))).isEqualTo("403");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Impersonate-User", "impersonate-user ", "impersonate user", "X-Y"})
  void withNamesThatHttp2DoesNotHave(String field) throws Exception {
    assertThat(answerTo(get(field, "root"))).isIn("reset", "closed", "400", "403");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "connection | impersonate-user",
        "transfer-encoding | chunked",
        "keep-alive | timeout=5",
        "proxy-connection | keep-alive",
        "upgrade | SPDY/3.1",
        "te | gzip"
      })
  void withFieldsOfAnHttp1Connection(String field, String value) throws Exception {
    assertThat(answerTo(get(field, value))).isIn("reset", "closed", "400");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\r\nimpersonate-user: root", "a\nb", "a\rb", "a\0b"})
  void withLinesHiddenInAValue(String value) throws Exception {
    assertThat(answerTo(get("x-note", value))).isIn("reset", "closed", "400");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        ":path | /clusters/dev/api/v1/nodes",
        ":method | DELETE",
        ":authority | other",
        ":scheme | http",
        "host | other"
      })
  void whichSayTwiceWhatTheyWant(String field, String value) throws Exception {
    assertThat(answerTo(get(field, value))).isIn("reset", "closed", "400");
  }

  @Test
  void withTwoIdentities() throws Exception {
    assertThat(answerTo(get("authorization", "Bearer bob-token"))).isEqualTo("400");
  }

  @Test
  void withoutAPath() throws Exception {
    assertThat(
            answerTo(
                block(":method", "GET", ":scheme", "https", "authorization", "Bearer alice-token")))
        .isIn("reset", "closed", "400", "404");
  }

  @ParameterizedTest
  @ValueSource(strings = {"CONNECT", "TRACE", "PRI", "GET POST", "get"})
  void withMethodsNobodyServes(String method) throws Exception {
    assertThat(
            answerTo(
                block(
                    ":method",
                    method,
                    ":scheme",
                    "https",
                    ":authority",
                    "h",
                    ":path",
                    PODS,
                    "authorization",
                    "Bearer alice-token")))
        .isIn("reset", "closed", "400", "405");
  }

  @Test
  void whoseBodyIsNotAsLongAsItsLength() throws Exception {
    byte[] head =
        block(
            ":method",
            "GET",
            ":scheme",
            "https",
            ":authority",
            "h",
            ":path",
            PODS,
            "content-length",
            "3",
            "authorization",
            "Bearer wrong");
    try (RawHttp2Client client = fixture.http2Client()) {
      client.frame(HEADERS, END_HEADERS, 1, head);
      client.frame(DATA, END_STREAM, 1, "four".getBytes(StandardCharsets.US_ASCII));
      assertThat(client.outcome(1)).isIn("reset", "closed", "400", "401");
    }
  }

  @Test
  void withEndlessHeaders() throws Exception {
    try (RawHttp2Client client = fixture.http2Client()) {
      client.frame(HEADERS, END_STREAM, 1, get());
      byte[] more = block("x-filler", "y".repeat(8_000));
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 10_000; i++) {
                  client.frame(CONTINUATION, 0, 1, more);
                }
              })
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void theHostMayBeSaidTwiceIfItIsTheSame() throws Exception {
    assertThat(
            answerTo(
                block(
                    ":method",
                    "GET",
                    ":scheme",
                    "https",
                    ":authority",
                    "h",
                    ":path",
                    "/livez",
                    "host",
                    "H")))
        .isEqualTo("200");
  }

  /** They ask for an answer each and bring nothing; 1,000 of them are more than any client has. */
  @ParameterizedTest
  @ValueSource(ints = {RawHttp2Client.PING, RawHttp2Client.SETTINGS})
  void floodsOfFramesThatBringNothing(int type) throws Exception {
    byte[] frame =
        RawHttp2Client.bytesOf(type, 0, 0, new byte[type == RawHttp2Client.PING ? 8 : 0]);
    try (RawHttp2Client client = fixture.http2Client()) {
      try {
        for (int i = 0; i < 5_000; i++) {
          client.send(frame);
        }
      } catch (IOException e) {
        return;
      }
      assertThat(client.isClosedWithin(20_000)).isTrue();
    }
  }

  @Test
  void aFewPingsAreAnswered() throws Exception {
    try (RawHttp2Client client = fixture.http2Client()) {
      for (int i = 0; i < 500; i++) {
        client.frame(RawHttp2Client.PING, 0, 0, new byte[8]);
      }
      client.frame(
          RawHttp2Client.HEADERS,
          RawHttp2Client.END_HEADERS | RawHttp2Client.END_STREAM,
          1,
          block(":method", "GET", ":scheme", "https", ":path", "/livez", ":authority", "h"));
      assertThat(client.outcome(1)).isEqualTo("200");
    }
  }
}
