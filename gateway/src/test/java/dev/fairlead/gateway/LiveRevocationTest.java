package dev.fairlead.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.api.Identity;
import dev.fairlead.core.apikey.ApiKeyOrder;
import dev.fairlead.core.apikey.IssuedApiKey;
import dev.fairlead.core.http.Heads;
import dev.fairlead.core.http.HttpStream;
import dev.fairlead.core.tunnel.Switching;
import dev.fairlead.testkit.raw.RawClient;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a user's socket sees when the token is revoked under a stream. */
final class LiveRevocationTest {

  private static final String PODS = "/clusters/dev/api/v1/namespaces/x/pods";

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

  @Test
  void watchIsCutOffAndDoesNotLookComplete() throws Exception {
    try (RawClient client = fixture.client()) {
      client.send(request("GET", PODS + "?watch=1", ""));
      HttpStream stream = fixture.agent.next().stream();
      stream.sendHead(Heads.create().status("200"), false);
      stream.sendData(ascii("{1}\n"), false);
      client.head();
      assertThat(client.read(9)).isEqualTo("4\r\n{1}\n\r\n");
      fixture.hub.apiKeys().revoke(token.info().id());
      assertThat(client.rest()).doesNotContain("0\r\n\r\n");
    }
    try (RawClient client = fixture.client()) {
      assertThat(client.send(request("GET", PODS, "")).response()).startsWith("HTTP/1.1 401");
    }
  }

  @Test
  void execIsCutOff() throws Exception {
    try (RawClient client = fixture.client()) {
      client.send(
          request(
              "POST",
              PODS + "/p/exec?command=cat",
              "Content-Length: 0\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n"));
      HttpStream stream = fixture.agent.next().stream();
      stream.sendHead(Switching.encode(Heads.create(), "SPDY/3.1"), false);
      stream.sendData(ascii("hello"), false);
      assertThat(client.head()).startsWith("HTTP/1.1 101");
      assertThat(client.read(5)).isEqualTo("hello");
      fixture.hub.apiKeys().revoke(token.info().id());
      assertThat(client.rest()).isEmpty();
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
