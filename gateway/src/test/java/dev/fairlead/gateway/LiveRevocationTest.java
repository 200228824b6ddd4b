package dev.fairlead.gateway;

import static dev.fairlead.testkit.raw.RawHttp2Client.END_HEADERS;
import static dev.fairlead.testkit.raw.RawHttp2Client.END_STREAM;
import static dev.fairlead.testkit.raw.RawHttp2Client.HEADERS;
import static dev.fairlead.testkit.raw.RawHttp2Client.block;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.api.Identity;
import dev.fairlead.core.apikey.ApiKeyOrder;
import dev.fairlead.core.apikey.IssuedApiKey;
import dev.fairlead.core.http.Heads;
import dev.fairlead.core.http.HttpStream;
import dev.fairlead.core.tunnel.Switching;
import dev.fairlead.testkit.raw.RawClient;
import dev.fairlead.testkit.raw.RawHttp2Client;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a user's socket sees when the token is revoked under a stream. */
final class LiveRevocationTest {

  private static final String PODS = "/clusters/dev/api/v1/namespaces/x/pods";

  private static final int WINDOW = 65_535;
  private static final String ENDED = "ended by the hub: the API key was revoked";
  private static final String LAST_EVENT =
      "{\"type\":\"ERROR\",\"object\":" + status(ENDED) + "}\n";

  private GatewayFixture fixture;
  private IssuedApiKey token;

  @BeforeEach
  void start() throws Exception {
    fixture = new GatewayFixture();
    token = fixture.hub.apiKeys().issue(ApiKeyOrder.forUser(Identity.user("anne").inGroups("dev")));
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  /** Over HTTP/1.1: the watch of an agent that begins with these, and what follows a revocation. */
  private String watched(String type, String events, int chunk) throws Exception {
    try (RawClient client = fixture.client()) {
      // The connection goes on after what ends in order; this closes it.
      client.send(request("GET", PODS + "?watch=1", "Connection: close\r\n"));
      HttpStream stream = fixture.agent.next().stream();
      stream.sendHead(Heads.create().status("200").set("content-type", type), false);
      stream.sendData(ascii(events), false);
      client.head();
      assertThat(client.read(chunk)).isEqualTo(chunked(events));
      fixture.hub.apiKeys().revoke(token.info().id());
      return client.rest();
    }
  }

  private static String chunked(String text) {
    return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
  }

  private static String status(String reason) {
    return "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},\"status\":\"Failure\",\"message\":\""
        + reason
        + "\",\"reason\":\"Unauthorized\",\"code\":401}";
  }

  @Test
  void watchInJsonEndsWithAnErrorEvent() throws Exception {
    assertThat(watched("application/json;stream=watch", "{1}\n", 9))
        .isEqualTo(chunked(LAST_EVENT) + "0\r\n\r\n");
    try (RawClient client = fixture.client()) {
      assertThat(client.send(request("GET", PODS, "")).response()).startsWith("HTTP/1.1 401");
    }
  }

  @ParameterizedTest
  @MethodSource
  void watchIsCutOffWithinAnEventAndInOtherForms(String type, String events) throws Exception {
    String rest = watched(type, events, chunked(events).length());
    assertThat(rest).doesNotContain("0\r\n\r\n", "ERROR", "SocketTimeout");
  }

  static Stream<Arguments> watchIsCutOffWithinAnEventAndInOtherForms() {
    return Stream.of(
        Arguments.of("application/json", "{1}\n{2"),
        Arguments.of("application/vnd.kubernetes.protobuf", "\0\0\0\1x"),
        Arguments.of("text/plain", "{1}\n"));
  }

  @Test
  void watchOverHttp2EndsWithAnErrorEvent() throws Exception {
    assertThat(watchedOverHttp2("{1}\n")).isEqualTo("{1}\n" + LAST_EVENT);
  }

  @Test
  void watchOverHttp2ThatIsNotReadIsReset() throws Exception {
    // More than the client's window, which it does not open.
    String much = "{" + "x".repeat(80_000) + "}\n";
    assertThat(watchedOverHttp2(much)).startsWith("{x").doesNotContain("ERROR").endsWith("reset");
  }

  private String watchedOverHttp2(String events) throws Exception {
    try (RawHttp2Client client = fixture.http2Client()) {
      client.frame(
          HEADERS,
          END_HEADERS | END_STREAM,
          1,
          block(
              ":method",
              "GET",
              ":scheme",
              "https",
              ":authority",
              "h",
              ":path",
              PODS + "?watch=1",
              "authorization",
              "Bearer " + token.token().reveal()));
      HttpStream stream = fixture.agent.next().stream();
      stream.sendHead(Heads.create().status("200").set("content-type", "application/json"), false);
      stream.sendData(ascii(events), false);
      assertThat(client.outcome(1)).isEqualTo("200");
      String begin = client.body(1, Math.min(events.length(), WINDOW));
      fixture.hub.apiKeys().revoke(token.info().id());
      return begin + client.response(1);
    }
  }

  @Test
  void execOverSpdyIsCutOff() throws Exception {
    assertThat(exec("SPDY/3.1", "", "hello")).isEmpty();
  }

  @Test
  void logsAreCutOffAndHaveNoLineMore() throws Exception {
    try (RawClient client = fixture.client()) {
      client.send(request("GET", PODS + "/p/log?follow=true", ""));
      HttpStream stream = fixture.agent.next().stream();
      stream.sendHead(Heads.create().status("200").set("content-type", "text/plain"), false);
      stream.sendData(ascii("one\n"), false);
      client.head();
      assertThat(client.read(9)).isEqualTo(chunked("one\n"));
      fixture.hub.apiKeys().revoke(token.info().id());
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void execOverAWebSocketEndsWithAStatusAndAClose() throws Exception {
    String status = status(ENDED);
    assertThat(exec("websocket", "v5.channel.k8s.io", "\u0082\3\1hi"))
        .isEqualTo(
            "\u0082\u007e\0"
                + (char) (status.length() + 1)
                + "\3"
                + status
                + "\u0088"
                + (char) (ENDED.length() + 2)
                + "\u0003\u00e8"
                + ENDED);
  }

  @Test
  void otherWebSocketsEndWithACloseThatSaysWhy() throws Exception {
    assertThat(exec("websocket", "SPDY/3.1+portforward.k8s.io", "\u0082\2hi"))
        .isEqualTo("\u0088" + (char) (ENDED.length() + 2) + "\u0003\u00f0" + ENDED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u0082\5\1hi", "\u0082\u007e\0", "\2\3\1hi", "\u0088\2\3\u00e8"})
  void webSocketIsCutOffWithinAMessageAndAfterAClose(String half) throws Exception {
    assertThat(exec("websocket", "v4.channel.k8s.io", half)).isEmpty();
  }

  /** What follows a revocation after these bytes of the cluster. */
  private String exec(String upgrade, String protocol, String bytes) throws Exception {
    try (RawClient client = fixture.client()) {
      client.send(
          request(
              "POST",
              PODS + "/p/exec?command=cat",
              "Content-Length: 0\r\nConnection: Upgrade\r\nUpgrade: " + upgrade + "\r\n"));
      HttpStream stream = fixture.agent.next().stream();
      Http2Headers head = Switching.encode(Heads.create(), upgrade);
      if (!protocol.isEmpty()) {
        head.set("sec-websocket-protocol", protocol);
      }
      stream.sendHead(head, false);
      stream.sendData(Unpooled.copiedBuffer(bytes, StandardCharsets.ISO_8859_1), false);
      assertThat(client.head()).startsWith("HTTP/1.1 101");
      assertThat(client.read(bytes.length())).isEqualTo(bytes);
      fixture.hub.apiKeys().revoke(token.info().id());
      return client.rest();
    }
  }

  private String request(String method, String target, String fields) {
    return method
        + " "
        + target
        + " HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer "
        + token.token().reveal()
        + "\r\n"
        + fields
        + "\r\n";
  }

  private static ByteBuf ascii(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
  }
}
