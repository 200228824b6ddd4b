package dev.fairlead.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.ClusterStatus;
import dev.fairlead.api.audit.AuditEvent;
import dev.fairlead.core.http.Heads;
import dev.fairlead.core.http.HttpStream;
import dev.fairlead.core.http.Reset;
import dev.fairlead.gateway.ScriptedAgent.Taken;
import dev.fairlead.testkit.raw.RawClient;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The way of a request from a user's socket to the agent and back. */
final class FrontDoorTest {

  private static final String PODS = "/clusters/dev/api/v1/namespaces/x/pods";

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
  void theSamePathServesBothVersionsOfHttp() throws Exception {
    for (HttpClient.Version version : HttpClient.Version.values()) {
      HttpClient client =
          HttpClient.newBuilder()
              .version(version)
              .sslContext(RawClient.trusting(fixture.hub.caCertificate()))
              .build();
      CompletableFuture<HttpResponse<String>> answer =
          client.sendAsync(
              request(PODS + "?limit=5").build(), HttpResponse.BodyHandlers.ofString());
      Taken taken = fixture.agent.next();
      assertThat(taken.head().identity().username()).isEqualTo("alice");
      assertThat(taken.head().head().path()).hasToString("/api/v1/namespaces/x/pods?limit=5");
      assertThat(taken.head().head().get("authorization")).isNull();
      assertThat(taken.end()).isTrue();
      answer(taken, "200", "list");

      HttpResponse<String> response = answer.orTimeout(10, TimeUnit.SECONDS).join();
      assertThat(response.version()).isEqualTo(version);
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.body()).isEqualTo("list");
      assertThat(response.headers().allValues("warning"))
          .containsExactly("299 - \"a\"", "299 - \"b\"");
    }
  }

  @Test
  void aWatchEventLeavesAtOnce() throws Exception {
    HttpClient client =
        HttpClient.newBuilder().sslContext(RawClient.trusting(fixture.hub.caCertificate())).build();
    CompletableFuture<HttpResponse<InputStream>> answer =
        client.sendAsync(
            request(PODS + "?watch=1").build(), HttpResponse.BodyHandlers.ofInputStream());
    HttpStream stream = fixture.agent.next().stream();
    stream.sendHead(Heads.create().status("200"), false);
    try (InputStream body = answer.orTimeout(10, TimeUnit.SECONDS).join().body()) {
      for (String event : new String[] {"{1}\n", "{2}\n"}) {
        stream.sendData(ascii(event), false);
        assertThat(body.readNBytes(event.length())).asString().isEqualTo(event);
      }
      stream.sendData(Unpooled.EMPTY_BUFFER, true);
      assertThat(body.read()).isEqualTo(-1);
    }
  }

  @Test
  void aClientThatLeavesCancelsItsRequest() throws Exception {
    CompletableFuture<Reset> reset = new CompletableFuture<>();
    try (RawClient client = fixture.client()) {
      client.send(get(PODS + "?watch=1"));
      HttpStream stream = fixture.agent.next().stream();
      stream.listen(new OnReset(reset));
      stream.sendHead(Heads.create().status("200"), false);
      client.head();
    }
    assertThat(reset.orTimeout(10, TimeUnit.SECONDS).join()).isEqualTo(Reset.CANCEL);
  }

  @Test
  void aResponseCutShortIsCutShortForTheUserToo() throws Exception {
    try (RawClient client = fixture.client()) {
      client.send(get(PODS));
      HttpStream stream = fixture.agent.next().stream();
      stream.sendHead(Heads.create().status("200"), false);
      stream.sendData(ascii("half"), false);
      String head = client.head();
      assertThat(head).contains("transfer-encoding: chunked");
      assertThat(client.read(9)).isEqualTo("4\r\nhalf\r\n");
      stream.reset(Reset.INTERNAL);

      assertThat(client.rest()).doesNotContain("0\r\n\r\n");
    }
  }

  @Test
  void losingTheAgentEndsWhatIsUnderWayAndAnswersTheNextAtOnce() throws Exception {
    try (RawClient client = fixture.client()) {
      client.send(get(PODS + "?watch=1"));
      fixture.agent.next().stream().sendHead(Heads.create().status("200"), false);
      client.head();
      fixture.agent.vanish();
      assertThat(client.rest()).doesNotContain("0\r\n\r\n");
    }
    fixture.awaitStatus(ClusterStatus.OFFLINE);
    try (RawClient client = fixture.client()) {
      String response = client.send(get(PODS)).response();
      assertThat(response)
          .startsWith("HTTP/1.1 503")
          .contains("\"reason\":\"ServiceUnavailable\"", "no agent is connected")
          .doesNotContainIgnoringCase("retry-after");
    }
  }

  @Test
  void anAgentThatDoesNotReachItsApiServerMakesTheClusterDegraded() throws Exception {
    fixture.agent.report(false);
    fixture.awaitStatus(ClusterStatus.DEGRADED);
    try (RawClient client = fixture.client()) {
      assertThat(client.send(get(PODS)).response())
          .startsWith("HTTP/1.1 503")
          .contains("does not reach the API server");
    }
    fixture.agent.report(true);
    fixture.awaitStatus(ClusterStatus.CONNECTED);
    assertThat(fixture.hub.cluster("dev").kubernetesVersion()).contains("v1.33.1");
  }

  @Test
  void theNewestSessionOfAnAgentWins() throws Exception {
    ScriptedAgent newer = fixture.connect("a1");
    fixture.agent.draining.orTimeout(10, TimeUnit.SECONDS).join();
    try (RawClient client = fixture.client()) {
      client.send(get(PODS));
      answer(newer.next(), "200", "newer");
      assertThat(client.response()).endsWith("newer");
    }
    assertThat(fixture.agent.taken).isEmpty();
    fixture.agent.closed.orTimeout(10, TimeUnit.SECONDS).join();
    newer.close();
  }

  @Test
  void requestsOfOneConnectionAreServedInTheirOrder() throws Exception {
    try (RawClient client = fixture.client()) {
      client.send(get(PODS) + get(PODS + "/second"));
      answer(fixture.agent.next(), "200", "one");
      assertThat(client.response()).endsWith("one");
      Taken second = fixture.agent.next();
      assertThat(second.head().head().path()).asString().endsWith("/second");
      answer(second, "200", "two");
      assertThat(client.response()).endsWith("two");
    }
  }

  @Test
  void everyRequestLeavesATrail() throws Exception {
    try (RawClient client = fixture.client()) {
      client.send(get(PODS));
      Taken taken = fixture.agent.next();
      answer(taken, "200", "list");
      client.response();
      client.send(get("/clusters/dev/api/v1/namespaces/x/secrets")).response();

      assertThat(fixture.audit.events())
          .extracting(AuditEvent::stage)
          .containsExactly(
              AuditEvent.Stage.REQUEST_RECEIVED,
              AuditEvent.Stage.RESPONSE_COMPLETE,
              AuditEvent.Stage.RESPONSE_COMPLETE);
      AuditEvent complete = fixture.audit.events().get(1);
      assertThat(complete.auditId()).isEqualTo(taken.head().auditId());
      assertThat(complete.responseCode()).isEqualTo(200);
      assertThat(complete.annotations())
          .containsEntry("fairlead.dev/role", "developer")
          .containsEntry("fairlead.dev/bytes-out", "4");
      assertThat(fixture.audit.events().get(2).responseCode()).isEqualTo(403);
    }
  }

  @Test
  void refusalBeforeAnybodyIsKnownIsOnRecordWithoutItsSecrets() throws Exception {
    String unknown = get(PODS).replace("alice-token", "wrong-token");
    for (String request : List.of(unknown, get("/clusters/dev/../api"), get("/nowhere"))) {
      try (RawClient client = fixture.client()) {
        client.send(request).response();
      }
    }
    List<AuditEvent> events = fixture.audit.events();
    assertThat(events).extracting(AuditEvent::responseCode).containsExactly(401, 400, 404);
    assertThat(events.get(0).cluster()).isEqualTo(ClusterName.of("dev"));
    assertThat(events.get(0).info().resource()).isEqualTo("pods");
    assertThat(events)
        .allSatisfy(
            event -> {
              assertThat(event.user()).isNull();
              assertThat(event.sourceIps()).containsExactly("127.0.0.1");
              assertThat(event.annotations()).containsKey("fairlead.dev/reason");
            });
    assertThat(events.toString()).doesNotContain("wrong-token");
  }

  @Test
  void whatCannotBeRecordedIsNotSent() throws Exception {
    fixture.audit.close();
    try (RawClient client = fixture.client()) {
      assertThat(client.send(get(PODS)).response()).startsWith("HTTP/1.1 500").contains("audit");
    }
    assertThat(fixture.agent.taken).isEmpty();
  }

  @Test
  void aClusterCanBeNamedByHost() throws Exception {
    try (RawClient client = fixture.client()) {
      client.send(
          "GET /api/v1/namespaces/x/pods HTTP/1.1\r\nHost: dev.hub.test\r\n"
              + "Authorization: Bearer alice-token\r\n\r\n");
      Taken taken = fixture.agent.next();
      assertThat(taken.head().head().path()).hasToString("/api/v1/namespaces/x/pods");
      answer(taken, "200", "ok");
      assertThat(client.response()).endsWith("ok");
    }
  }

  @Test
  void theHubTellsThatItLives() throws Exception {
    try (RawClient client = fixture.client()) {
      assertThat(client.send("GET /livez HTTP/1.1\r\nHost: h\r\n\r\n").response())
          .startsWith("HTTP/1.1 200")
          .endsWith("ok");
    }
  }

  static String get(String target) {
    return "GET " + target + " HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer alice-token\r\n\r\n";
  }

  private HttpRequest.Builder request(String target) {
    return HttpRequest.newBuilder(
            URI.create("https://127.0.0.1:" + fixture.gateway.port() + target))
        .header("Authorization", "Bearer alice-token");
  }

  static void answer(Taken taken, String status, String body) {
    Http2Headers head =
        Heads.create()
            .status(status)
            .set("content-length", Integer.toString(body.length()))
            .add("warning", "299 - \"a\"")
            .add("warning", "299 - \"b\"");
    taken.stream().sendHead(head, false);
    taken.stream().sendData(ascii(body), true);
  }

  static ByteBuf ascii(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
  }

  /** Waits for nothing but the early end. */
  private record OnReset(CompletableFuture<Reset> reset) implements HttpStream.Listener {
    @Override
    public void onHead(Http2Headers head, boolean end) {
      throw new AssertionError("a request has one head");
    }

    @Override
    public void onData(ByteBuf data, boolean end) {
      data.release();
    }

    @Override
    public void onTrailers(Http2Headers trailers) {
      throw new AssertionError("no trailers were sent");
    }

    @Override
    public void onReset(Reset reason) {
      reset.complete(reason);
    }

    @Override
    public void onSent(int bytes) {
      // Not looked at.
    }
  }
}
