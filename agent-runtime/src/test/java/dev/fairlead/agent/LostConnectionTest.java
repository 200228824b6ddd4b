package dev.fairlead.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.api.Identity;
import dev.fairlead.core.http.Heads;
import dev.fairlead.core.time.SystemTime;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * An API server that ends a connection, with all that many users have on it, for what one of them
 * did.
 */
class LostConnectionTest {

  private static final String PODS = "/api/v1/pods";

  private final SystemTime time = new SystemTime();
  private final TestHub hub = new TestHub(time);
  private TestApiServer api;
  private FairleadAgent agent;
  private TestHub.Tunnel tunnel;

  @BeforeEach
  void connect() throws Exception {
    api = new TestApiServer();
    agent =
        FairleadAgent.builder()
            .dial(hub.local())
            .withoutCredentials()
            .cluster(api.address())
            .build();
    agent.start();
    tunnel = hub.tunnel();
  }

  @AfterEach
  void close() {
    agent.close();
    hub.close();
    api.close();
    time.close();
  }

  private Answer post(boolean end) {
    return tunnel.send(Identity.user("alice"), TestHub.request("POST", PODS), end, new Answer());
  }

  private static void send(Answer answer, String body, boolean end) {
    answer.stream.sendData(Unpooled.copiedBuffer(body, StandardCharsets.US_ASCII), end);
  }

  @Test
  void whatChangesNothingIsAskedAgain() throws Exception {
    Answer answer = tunnel.get(PODS);
    api.request();
    api.accuse(true);
    api.request().answer("200", "served");
    assertThat(answer.body()).isEqualTo("served");
    assertThat(answer.status()).isEqualTo("200");
  }

  @Test
  void whatChangesNothingIsAskedAgainOnce() throws Exception {
    Answer answer = tunnel.get(PODS);
    api.request();
    api.accuse(true);
    api.request();
    api.accuse(true);
    assertThat(answer.status()).isEqualTo("503");
    assertThat(answer.body()).contains("closed the connection before it answered");
    assertThat(api.requests).isEmpty();
  }

  @Test
  void whatMayHaveBeenDoneIsNotDoneAgain() throws Exception {
    Answer answer = post(true);
    api.request();
    api.accuse(true);
    assertThat(answer.status()).isEqualTo("503");
    assertThat(api.requests).isEmpty();
  }

  @Test
  void answerThatHasBegunIsAborted() throws Exception {
    Answer answer = tunnel.get(PODS);
    TestApiServer.Seen seen = api.request();
    seen.stream().sendHead(Heads.create().status("200"), false);
    assertThat(answer.status()).isEqualTo("200");
    api.accuse(true);
    assertThat(answer.reset()).isNotNull();
    assertThat(api.requests).isEmpty();
  }

  @Test
  void whatWasNotProcessedIsSentAgainWhateverItIs() throws Exception {
    Answer answer = post(false);
    api.request();
    api.accuse(false);
    TestApiServer.Seen again = api.request();
    send(answer, "a pod", true);
    assertThat(again.body().body()).isEqualTo("a pod");
    again.answer("201", "made");
    assertThat(answer.body()).isEqualTo("made");
    assertThat(answer.status()).isEqualTo("201");
  }

  @Test
  void bodyThatWasSentIsNotSentAgain() throws Exception {
    Answer answer = post(false);
    TestApiServer.Seen seen = api.request();
    send(answer, "half a pod", false);
    assertThat(seen.body().chunk()).isEqualTo("half a pod");
    api.accuse(false);
    assertThat(answer.status()).isEqualTo("503");
    assertThat(api.requests).isEmpty();
  }
}
