package dev.fairlead.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.http.Heads;
import dev.fairlead.core.http.HttpStream;
import dev.fairlead.core.http.Reset;
import dev.fairlead.core.tunnel.Switching;
import dev.fairlead.gateway.ScriptedAgent.Taken;
import dev.fairlead.testkit.raw.RawClient;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Connections that ask for another protocol. */
final class UpgradeTest {

  private static final String PODS = "/clusters/dev/api/v1/namespaces/x/pods";
  private static final String EXEC = PODS + "/p/exec?command=cat";

  private GatewayFixture fixture;

  @BeforeEach
  void start() throws Exception {
    fixture = new GatewayFixture();
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  @Test
  void anUpgradeBecomesRawBytesWithEarlyBytesKept() throws Exception {
    try (RawClient client = fixture.client()) {
      client.send(upgrade("POST", EXEC, "SPDY/3.1") + "early");
      Taken taken = fixture.agent.next();
      assertThat(taken.head().protocol()).isEqualTo("SPDY/3.1");
      CompletableFuture<String> received = new CompletableFuture<>();
      taken.stream().listen(new Collecting(taken.stream(), "early and late".length(), received));
      taken.stream()
          .sendHead(
              Switching.encode(Heads.create().set("x-stream-protocol-version", "v4"), "SPDY/3.1"),
              false);
      taken.stream().sendData(FrontDoorTest.ascii("hello"), false);
      assertThat(client.head())
          .startsWith("HTTP/1.1 101")
          .containsIgnoringCase("upgrade: SPDY/3.1")
          .containsIgnoringCase("connection: upgrade")
          .contains("x-stream-protocol-version: v4");
      assertThat(client.read(5)).isEqualTo("hello");
      client.send(" and late");
      assertThat(received.orTimeout(10, TimeUnit.SECONDS).join()).isEqualTo("early and late");
      taken.stream().sendData(FrontDoorTest.ascii("bye"), true);
      assertThat(client.rest()).isEqualTo("bye");
    }
  }

  @Test
  void aRefusedUpgradeIsRelayedAndTheConnectionServesNothingElse() throws Exception {
    try (RawClient client = fixture.client()) {
      client.send(upgrade("POST", EXEC, "SPDY/3.1") + FrontDoorTest.get(PODS));
      FrontDoorTest.answer(fixture.agent.next(), "403", "no");
      assertThat(client.response()).startsWith("HTTP/1.1 403").endsWith("no");
      assertThat(client.rest()).isEmpty();
    }
    assertThat(fixture.agent.taken).isEmpty();
  }

  private static String upgrade(String method, String target, String protocol) {
    return method
        + " "
        + target
        + " HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer alice-token\r\nContent-Length: 0\r\n"
        + "Connection: Upgrade\r\nUpgrade: "
        + protocol
        + "\r\n\r\n";
  }

  /** Collects a number of bytes. */
  private static final class Collecting implements HttpStream.Listener {

    private final HttpStream stream;
    private final int wanted;
    private final CompletableFuture<String> received;
    private final StringBuilder text = new StringBuilder();

    Collecting(HttpStream stream, int wanted, CompletableFuture<String> received) {
      this.stream = stream;
      this.wanted = wanted;
      this.received = received;
    }

    @Override
    public void onHead(Http2Headers head, boolean end) {
      throw new AssertionError("a request has one head");
    }

    @Override
    public void onData(ByteBuf data, boolean end) {
      text.append(data.toString(StandardCharsets.US_ASCII));
      stream.consume(data.readableBytes());
      data.release();
      if (text.length() >= wanted) {
        received.complete(text.toString());
      }
    }

    @Override
    public void onTrailers(Http2Headers trailers) {
      throw new AssertionError("no trailers were sent");
    }

    @Override
    public void onReset(Reset reason) {
      received.completeExceptionally(new AssertionError("reset: " + reason));
    }

    @Override
    public void onSent(int bytes) {
      // Not looked at.
    }
  }
}
