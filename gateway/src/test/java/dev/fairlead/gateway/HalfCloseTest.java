package dev.fairlead.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.http.Heads;
import dev.fairlead.core.http.HttpStream;
import dev.fairlead.core.http.Reset;
import dev.fairlead.core.tunnel.Switching;
import dev.fairlead.gateway.ScriptedAgent.Taken;
import dev.fairlead.testkit.raw.RawClient;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Headers;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Users, and proxies before them, that end their direction of an upgraded connection. */
final class HalfCloseTest {

  private static final String EXEC =
      "POST /clusters/dev/api/v1/namespaces/x/pods/p/exec?command=cat HTTP/1.1\r\nHost: h\r\n"
          + "Authorization: Bearer alice-token\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n\r\n";

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
  void closeNotifyIsAnEndWhileTheOtherDirectionGoesOn() throws Exception {
    try (Socket plain = new Socket("127.0.0.1", fixture.gateway.port())) {
      plain.setSoTimeout(20_000);
      SSLSocket tls =
          (SSLSocket)
              RawClient.trusting(fixture.hub.caCertificate())
                  .getSocketFactory()
                  .createSocket(plain, "127.0.0.1", fixture.gateway.port(), false);
      tls.getOutputStream().write(EXEC.getBytes(StandardCharsets.US_ASCII));
      Taken taken = fixture.agent.next();
      CompletableFuture<String> end = new CompletableFuture<>();
      taken.stream().listen(new End(taken.stream(), end));
      taken.stream().sendHead(Switching.encode(Heads.create(), "SPDY/3.1"), false);
      // Bytes of the head are read, so that the 101 has come before the end goes.
      assertThat(tls.getInputStream().readNBytes(12)).asString().isEqualTo("HTTP/1.1 101");
      tls.getOutputStream().write("last words".getBytes(StandardCharsets.US_ASCII));
      // TLS says that there is nothing more to come; the socket below stays open.
      tls.close();
      assertThat(end.orTimeout(20, TimeUnit.SECONDS).join()).isEqualTo("last words");

      taken.stream().sendData(Unpooled.EMPTY_BUFFER, true);
      assertThat(RawClient.isClosed(plain)).as("closed when both directions have ended").isTrue();
    }
  }

  private static final class End implements HttpStream.Listener {

    private final HttpStream stream;
    private final CompletableFuture<String> end;
    private final StringBuilder text = new StringBuilder();

    End(HttpStream stream, CompletableFuture<String> end) {
      this.stream = stream;
      this.end = end;
    }

    @Override
    public void onHead(Http2Headers head, boolean last) {
      throw new AssertionError("a request has one head");
    }

    @Override
    public void onData(ByteBuf data, boolean last) {
      text.append(data.toString(StandardCharsets.US_ASCII));
      stream.consume(data.readableBytes());
      data.release();
      if (last) {
        end.complete(text.toString());
      }
    }

    @Override
    public void onTrailers(Http2Headers trailers) {
      throw new AssertionError("no trailers were sent");
    }

    @Override
    public void onReset(Reset reason) {
      end.completeExceptionally(new AssertionError("reset: " + reason));
    }

    @Override
    public void onSent(int bytes) {
      // Not looked at.
    }
  }
}
