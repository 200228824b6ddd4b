package dev.fairlead.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.http.Heads;
import dev.fairlead.core.http.HttpStream;
import dev.fairlead.testkit.raw.RawClient;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What of a cluster's answer is not for its user. */
final class AnswersOfClustersTest {

  @Test
  void cookiesOfAClusterDoNotReachBrowsers() throws Exception {
    try (GatewayFixture fixture = new GatewayFixture();
        RawClient client = fixture.client()) {
      client.send(FrontDoorTest.get("/clusters/dev/api/v1/namespaces/x/pods"));
      HttpStream stream = fixture.agent.next().stream();
      stream.sendHead(
          Heads.create()
              .status("200")
              .set("content-length", "2")
              .set("warning", "299 - \"as it is\"")
              .add("set-cookie", "refresh=stolen")
              .add("set-cookie", "other=stolen"),
          false);
      stream.sendData(Unpooled.copiedBuffer("{}", StandardCharsets.US_ASCII), true);
      assertThat(client.response())
          .containsIgnoringCase("warning: 299 - \"as it is\"")
          .doesNotContainIgnoringCase("set-cookie")
          .endsWith("{}");
    }
  }
}
