package dev.fairlead.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.api.Identity;
import dev.fairlead.core.apikey.ApiKeyOrder;
import dev.fairlead.core.http.Heads;
import dev.fairlead.core.http.HttpStream;
import dev.fairlead.testkit.raw.RawClient;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a user's socket sees of a front door that closes. */
final class WatchDrainTest {

  @Test
  void watchEndsInOrderSoThatItsClientOpensItAnew() throws Exception {
    try (GatewayFixture fixture = new GatewayFixture();
        RawClient client = fixture.client()) {
      String token =
          fixture
              .hub
              .apiKeys()
              .issue(ApiKeyOrder.forUser(Identity.user("anne").inGroups("dev")))
              .token()
              .reveal();
      client.send(
          "GET /clusters/dev/api/v1/namespaces/x/pods?watch=1 HTTP/1.1\r\nHost: h\r\n"
              + "Authorization: Bearer "
              + token
              + "\r\n\r\n");
      HttpStream stream = fixture.agent.next().stream();
      stream.sendHead(Heads.create().status("200").set("content-type", "application/json"), false);
      stream.sendData(Unpooled.copiedBuffer("{1}\n", StandardCharsets.US_ASCII), false);
      client.head();
      assertThat(client.read(9)).isEqualTo("4\r\n{1}\n\r\n");
      CompletableFuture<Void> closed = new CompletableFuture<>();
      Thread closing =
          new Thread(
              () -> {
                fixture.gateway.close();
                closed.complete(null);
              });
      closing.start();
      assertThat(client.rest()).isEqualTo("0\r\n\r\n");
      closed.get(20, TimeUnit.SECONDS);
    }
  }
}
