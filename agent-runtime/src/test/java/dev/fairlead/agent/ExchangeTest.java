package dev.fairlead.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.agent.guard.Guard;
import dev.fairlead.api.Identity;
import dev.fairlead.core.http.Heads;
import dev.fairlead.core.http.Reset;
import dev.fairlead.core.time.SystemTime;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ExchangeTest {

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
            .guard(Guard.deny("exec").in("kube-system"))
            .drainFor(Duration.ZERO)
            .build();
    agent.start();
    agent.awaitConnected(Duration.ofSeconds(20));
    tunnel = hub.tunnel();
  }

  @AfterEach
  void close() {
    agent.close();
    hub.close();
    api.close();
    time.close();
  }

  private static Identity alice() {
    return new Identity(
        "jürgen@example.com",
        "uid-7",
        List.of("payments", "system:authenticated", "größe"),
        Map.of("example.com/Reason", List.of("büro", "two")));
  }

  private static String utf8(CharSequence octets) {
    return new String(
        octets.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  @Test
  void getArrivesAsTheUserAndIsAnswered() throws Exception {
    Answer answer =
        tunnel.send(
            alice(),
            TestHub.request("GET", "/api/v1/namespaces/shop/pods?limit=500")
                .set("accept", "application/json;as=Table;v=v1;g=meta.k8s.io"),
            true,
            new Answer());
    TestApiServer.Seen seen = api.request();
    Http2Headers head = seen.head();
    assertThat(head.method()).hasToString("GET");
    assertThat(head.path()).hasToString("/api/v1/namespaces/shop/pods?limit=500");
    assertThat(head.authority()).hasToString("127.0.0.1:" + api.port());
    assertThat(head.getAll("authorization")).hasToString("[Bearer agent-token]");
    assertThat(head.getAll("impersonate-user").stream().map(ExchangeTest::utf8))
        .containsExactly("jürgen@example.com");
    assertThat(head.getAll("impersonate-uid")).hasToString("[uid-7]");
    assertThat(head.getAll("impersonate-group").stream().map(ExchangeTest::utf8))
        .containsExactly("payments", "system:authenticated", "größe");
    assertThat(
            head.getAll("impersonate-extra-example.com%2freason").stream().map(ExchangeTest::utf8))
        .containsExactly("büro", "two");
    assertThat(head.get("audit-id")).hasToString("audit-1");
    assertThat(head.get("accept")).hasToString("application/json;as=Table;v=v1;g=meta.k8s.io");
    seen.answer("200", "pods");
    assertThat(answer.status()).isEqualTo("200");
    assertThat(answer.body()).isEqualTo("pods");
  }

  @Test
  void whatUsersMustNotSayNeverPassesAndCannotRemoveWhatTheAgentSays() throws Exception {
    Http2Headers head =
        TestHub.request("GET", "/api/v1/pods")
            .set(
                "connection", "Impersonate-User, Impersonate-Group, Authorization, Audit-Id, x-own")
            .set("impersonate-user", "admin")
            .add("impersonate-group", "system:masters")
            .set("impersonate-extra-scopes", "all")
            .set("impersonate-foo", "x")
            .set("authorization", "Bearer stolen")
            .set("cookie", "session=1")
            .set("x-remote-user", "admin")
            .set("x-remote-extra-a", "b")
            .set("x_remote_group", "system:masters")
            .set("x-forwarded-for", "1.2.3.4")
            .set("forwarded", "for=1.2.3.4")
            .set("audit-id", "forged")
            .set("expect", "100-continue")
            .set("te", "trailers")
            .set("host", "elsewhere")
            .set("x-own", "dropped")
            .set(
                "sec-websocket-protocol",
                "base64url.bearer.authorization.k8s.io.c2VjcmV0, v4.channel.k8s.io");
    tunnel.send(Identity.user("bob"), head, true, new Answer());
    List<String> names = new ArrayList<>();
    Http2Headers seen = api.request().head();
    seen.forEach(field -> names.add(field.getKey().toString()));
    assertThat(names)
        .containsExactlyInAnyOrder(
            ":method",
            ":path",
            ":scheme",
            ":authority",
            "impersonate-user",
            "audit-id",
            "authorization",
            "sec-websocket-protocol");
    assertThat(seen.get("impersonate-user")).hasToString("bob");
    assertThat(seen.get("authorization")).hasToString("Bearer agent-token");
    assertThat(seen.get("audit-id")).hasToString("audit-1");
    assertThat(seen.get("sec-websocket-protocol")).hasToString("v4.channel.k8s.io");
  }

  @Test
  void bodiesFlowBothWaysAndTrailersComeBack() throws Exception {
    Answer answer =
        tunnel.send(
            Identity.user("bob"), TestHub.request("POST", "/api/v1/pods"), false, new Answer());
    answer.stream.sendData(Unpooled.copiedBuffer("one ", StandardCharsets.UTF_8), false);
    answer.stream.sendData(Unpooled.copiedBuffer("two", StandardCharsets.UTF_8), true);
    TestApiServer.Seen seen = api.request();
    assertThat(seen.body().body()).isEqualTo("one two");
    seen.stream().sendHead(Heads.create().status("201"), false);
    seen.stream().sendData(Unpooled.copiedBuffer("made", StandardCharsets.UTF_8), false);
    seen.stream().sendTrailers(Heads.create().set("x-checksum", "7"));
    assertThat(answer.status()).isEqualTo("201");
    assertThat(answer.body()).isEqualTo("made");
    assertThat(Answer.soon(answer.trailers).get("x-checksum")).hasToString("7");
  }

  @Test
  void cancelGoesToTheApiServer() throws Exception {
    Answer answer = tunnel.get("/api/v1/pods?watch=true");
    TestApiServer.Seen seen = api.request();
    answer.stream.reset(Reset.CANCEL);
    assertThat(seen.body().reset()).isEqualTo(Reset.CANCEL);
  }

  @Test
  void abortOfTheBodyIsNoCleanEnd() throws Exception {
    Answer answer = tunnel.get("/api/v1/pods");
    TestApiServer.Seen seen = api.request();
    seen.stream().sendHead(Heads.create().status("200"), false);
    seen.stream().sendData(Unpooled.copiedBuffer("half", StandardCharsets.UTF_8), false);
    assertThat(answer.chunk()).isEqualTo("half");
    seen.stream().reset(Reset.INTERNAL);
    assertThat(answer.reset()).isEqualTo(Reset.INTERNAL);
    assertThat(answer.end).isNotDone();
  }

  @Test
  void lossOfTheConnectionAbortsTheBodyAndTheNextRequestWorks() throws Exception {
    Answer answer = tunnel.get("/api/v1/pods");
    api.request().stream().sendHead(Heads.create().status("200"), false);
    assertThat(answer.status()).isEqualTo("200");
    api.connections.take().close();
    answer.reset();
    assertThat(answer.end).isNotDone();
    Answer next = tunnel.get("/api/v1/pods");
    api.request().answer("200", "again");
    assertThat(next.body()).isEqualTo("again");
  }

  @Test
  void lossOfTheConnectionBeforeAnAnswerIsAStatus() throws Exception {
    Answer answer =
        tunnel.send(
            Identity.user("alice"), TestHub.request("POST", "/api/v1/pods"), true, new Answer());
    api.request();
    api.connections.take().close();
    assertThat(answer.status()).isEqualTo("503");
    assertThat(answer.body()).contains("\"kind\":\"Status\"").contains("ServiceUnavailable");
  }

  @Test
  void answerThatCannotBeRelayedIsABadGateway() throws Exception {
    Answer answer = tunnel.get("/api/v1/pods");
    api.request().stream()
        .sendHead(Heads.create().status("200").set(":fairlead-switched", "SPDY/3.1"), false);
    assertThat(answer.status()).isEqualTo("502");
    assertThat(answer.head().contains("upgrade")).isFalse();
  }

  @Test
  void stalledReaderHoldsBoundedBytes() throws Exception {
    Answer stalled =
        tunnel.send(
            Identity.user("bob"), TestHub.request("GET", "/api/v1/pods"), true, new Answer(false));
    TestApiServer.Seen seen = api.request();
    seen.stream().sendHead(Heads.create().status("200"), false);
    byte[] chunk = new byte[64 * 1024];
    for (int i = 0; i < 256; i++) {
      seen.stream().sendData(Unpooled.wrappedBuffer(chunk), false);
    }
    // Another exchange on the same connections goes on, and proves that all that could flow did.
    for (int i = 0; i < 20; i++) {
      Answer other = tunnel.get("/api/v1/nodes");
      api.request().answer("200", "x".repeat(100_000));
      assertThat(other.body()).hasSize(100_000);
    }
    assertThat(stalled.received.get()).isLessThanOrEqualTo(256 * 1024);
    assertThat(seen.body().sent.get()).isLessThanOrEqualTo(1024 * 1024);
    stalled.stream.reset(Reset.CANCEL);
    assertThat(seen.body().reset()).isEqualTo(Reset.CANCEL);
  }

  @Test
  void systemUsersAndGroupsAreRefusedWhateverTheHubSays() {
    Answer user =
        tunnel.send(
            Identity.user("system:admin"),
            TestHub.request("GET", "/api/v1/pods"),
            true,
            new Answer());
    Answer group =
        tunnel.send(
            Identity.user("bob").inGroups("system:masters"),
            TestHub.request("GET", "/api/v1/pods"),
            true,
            new Answer());
    assertThat(user.status()).isEqualTo("403");
    assertThat(user.body()).contains("\"reason\":\"Forbidden\"").contains("system:");
    assertThat(group.status()).isEqualTo("403");
    assertThat(api.requests).isEmpty();
  }

  @Test
  void configuredDenialsAndUnreadableTargetsAreRefused() {
    Answer exec =
        tunnel.send(
            Identity.user("bob"),
            TestHub.request("POST", "/api/v1/namespaces/kube-system/pods/x/exec?command=sh")
                .set(Heads.PROTOCOL, "SPDY/3.1"),
            false,
            new Answer());
    Answer twisted = tunnel.get("/api/v1/namespaces/a/../kube-system/secrets");
    Answer method =
        tunnel.send(
            Identity.user("bob"), TestHub.request("TRACE", "/api/v1/pods"), true, new Answer());
    assertThat(exec.status()).isEqualTo("403");
    assertThat(exec.body()).contains("exec in kube-system");
    assertThat(twisted.status()).isEqualTo("400");
    assertThat(method.status()).isEqualTo("405");
    assertThat(api.requests).isEmpty();
  }

  @Test
  void redirectsAreRelayedAndNotFollowed() throws Exception {
    Answer answer = tunnel.get("/api/v1/namespaces/a/services/web/proxy/");
    TestApiServer.Seen seen = api.request();
    seen.stream()
        .sendHead(Heads.create().status("302").set("location", "https://169.254.169.254/"), true);
    assertThat(answer.status()).isEqualTo("302");
    assertThat(answer.head().get("location")).hasToString("https://169.254.169.254/");
    assertThat(api.requests).isEmpty();
  }

  @Test
  void refusedCredentialsOfTheAgentAreNotTheUsersFault() throws Exception {
    Answer own = tunnel.get("/api/v1/pods");
    api.request().answer("401", "Unauthorized");
    Answer behind = tunnel.get("/api/v1/namespaces/a/services/web/proxy/");
    api.request().answer("401", "who are you");
    assertThat(own.status()).isEqualTo("503");
    assertThat(own.body()).contains("does not accept its agent's credentials");
    assertThat(behind.status()).isEqualTo("401");
    assertThat(behind.body()).isEqualTo("who are you");
  }

  @Test
  void reportsTheApiServersVersion() {
    dev.fairlead.core.tunnel.AgentReport report = tunnel.report();
    while (report.version() == null) {
      report = tunnel.report();
    }
    assertThat(report.reachesApiServer()).isTrue();
    assertThat(report.version()).isEqualTo("v1.33.1");
  }
}
