package dev.fairlead.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.api.Identity;
import dev.fairlead.api.auth.Authentication;
import dev.fairlead.api.auth.Authentication.Authenticated;
import dev.fairlead.api.auth.Authentication.Rejected;
import dev.fairlead.api.auth.BearerToken;
import dev.fairlead.core.http.Heads;
import dev.fairlead.core.http.HttpStream;
import dev.fairlead.core.http.Reset;
import dev.fairlead.gateway.ScriptedAgent.Taken;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Service accounts of cluster dev, which is asked about their tokens. */
final class ServiceAccountTest {

  private static final String NAME = "system:serviceaccount:shop:deployer";

  private GatewayFixture fixture;

  @BeforeEach
  void start() throws Exception {
    fixture = new GatewayFixture();
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  private static String token(String audience, String subject) {
    return part("{\"alg\":\"RS256\"}")
        + "."
        + part(
            "{\"iss\":\"https://kubernetes.default.svc\",\"aud\":[\"%s\"],\"sub\":\"%s\",\"exp\":%d}"
                .formatted(audience, subject, Instant.now().getEpochSecond() + 600))
        + ".c2lnbmF0dXJl";
  }

  private static String part(String json) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(json.getBytes(StandardCharsets.UTF_8));
  }

  private CompletableFuture<Authentication> ask(String token) {
    return fixture
        .hub
        .authenticator()
        .authenticate(BearerToken.of(token))
        .toCompletableFuture()
        .orTimeout(20, TimeUnit.SECONDS);
  }

  private static String review(boolean authenticated, String audience, String name) {
    return """
    {"kind":"TokenReview","apiVersion":"authentication.k8s.io/v1","status":{
      "authenticated":%s,"audiences":["%s"],"user":{"username":"%s","uid":"u-1",
      "groups":["system:serviceaccounts","system:serviceaccounts:shop","system:authenticated"]}}}
    """
        .formatted(authenticated, audience, name);
  }

  /** Answers one review, and returns what was asked. */
  private String answer(Taken taken, int status, String body) {
    CompletableFuture<String> asked = new CompletableFuture<>();
    taken.stream().listen(new Body(asked));
    String text = asked.orTimeout(10, TimeUnit.SECONDS).join();
    taken.stream().sendHead(Heads.create().status(Integer.toString(status)), false);
    taken.stream().sendData(Unpooled.copiedBuffer(body, StandardCharsets.UTF_8), true);
    return text;
  }

  @Test
  void clusterTellsWhoItIsAndItsNamesCarryTheCluster() throws Exception {
    String token = token("fairlead-dev", NAME);
    CompletableFuture<Authentication> found = ask(token);
    Taken taken = fixture.agent.next();
    assertThat(taken.head().identity()).isEqualTo(Identity.user("fairlead:token-review"));
    assertThat(taken.head().head().path())
        .hasToString("/apis/authentication.k8s.io/v1/tokenreviews");
    assertThat(answer(taken, 201, review(true, "fairlead-dev", NAME)))
        .contains("\"token\":\"" + token + "\"")
        .contains("\"audiences\":[\"fairlead-dev\"]");

    Authenticated good = (Authenticated) found.join();
    assertThat(good.identity())
        .isEqualTo(
            new Identity(
                "dev:" + NAME,
                "u-1",
                List.of("dev:system:serviceaccounts", "dev:system:serviceaccounts:shop"),
                Map.of()));
    assertThat(good.expiresAt()).isAfter(Instant.now());
    assertThat(ask(token).join()).isEqualTo(good);
  }

  @Test
  void reviewIsRecordedWithoutTheToken() throws Exception {
    String token = token("fairlead-dev", NAME);
    CompletableFuture<Authentication> found = ask(token);
    answer(fixture.agent.next(), 201, review(true, "fairlead-dev", NAME));
    found.join();
    assertThat(fixture.audit.events().toString())
        .contains("fairlead:token-review")
        .doesNotContain(token);
  }

  @Test
  void whatTheClusterDoesNotVouchForIsRejected() throws Exception {
    for (String said :
        List.of(
            review(false, "fairlead-dev", NAME),
            review(true, "https://kubernetes.default.svc", NAME),
            review(true, "fairlead-dev", "system:serviceaccount:shop:other"),
            review(true, "fairlead-dev", "system:admin"),
            "{}")) {
      CompletableFuture<Authentication> found = ask(token("fairlead-dev", NAME));
      answer(fixture.agent.next(), 201, said);
      assertThat(found.join()).as(said).isInstanceOf(Rejected.class);
    }
  }

  @Test
  void clusterThatRefusesOrTalksNonsenseLetsNobodyIn() throws Exception {
    for (int status : new int[] {403, 500, 201, 201}) {
      CompletableFuture<Authentication> found = ask(token("fairlead-dev", NAME));
      answer(fixture.agent.next(), status, status == 201 ? "x".repeat(300_000) : "{}");
      assertThat(found.handle((nothing, failure) -> failure).join())
          .hasMessageContaining("dev")
          .hasMessageNotContaining("c2lnbmF0dXJl");
    }
  }

  @Test
  void tokensForOthersAreNotSentToTheCluster() throws Exception {
    for (String token :
        List.of(
            token("https://kubernetes.default.svc", NAME),
            token("fairlead-prod", NAME),
            token("fairlead-dev", "alice"))) {
      assertThat(ask(token).join()).isInstanceOf(Rejected.class);
    }
    assertThat(fixture.audit.events()).isEmpty();
  }

  @Test
  void clusterThatIsOfflineLetsNobodyIn() {
    assertThat(ask(token("fairlead-gone", NAME)).handle((found, failure) -> failure).join())
        .hasMessageContaining("503");
  }

  private record Body(CompletableFuture<String> text, StringBuilder read)
      implements HttpStream.Listener {

    Body(CompletableFuture<String> text) {
      this(text, new StringBuilder());
    }

    @Override
    public void onHead(Http2Headers head, boolean end) {
      throw new AssertionError("a second head");
    }

    @Override
    public void onData(ByteBuf data, boolean end) {
      read.append(data.toString(StandardCharsets.UTF_8));
      data.release();
      if (end) {
        text.complete(read.toString());
      }
    }

    @Override
    public void onTrailers(Http2Headers trailers) {
      text.complete(read.toString());
    }

    @Override
    public void onReset(Reset reason) {
      text.completeExceptionally(new AssertionError("reset: " + reason));
    }

    @Override
    public void onSent(int bytes) {
      // A review is short.
    }
  }
}
