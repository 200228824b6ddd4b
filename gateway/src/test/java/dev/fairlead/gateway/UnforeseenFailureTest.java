package dev.fairlead.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.ClusterStatus;
import dev.fairlead.api.Identity;
import dev.fairlead.api.audit.AuditEvent;
import dev.fairlead.api.audit.AuditSink;
import dev.fairlead.api.auth.Authentication;
import dev.fairlead.api.auth.BearerToken;
import dev.fairlead.api.auth.Credential;
import dev.fairlead.api.auth.Decision;
import dev.fairlead.core.audit.MemoryAuditSink;
import dev.fairlead.core.http.Heads;
import dev.fairlead.core.http.HttpStream;
import dev.fairlead.core.http.Reset;
import dev.fairlead.core.hub.FairleadHub;
import dev.fairlead.core.memory.InMemoryTransport;
import dev.fairlead.testkit.raw.RawClient;
import dev.fairlead.testkit.raw.RawHttp2Client;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What an embedder's code, or the hub's own, throws that nobody foresaw: the request at hand is
 * answered, shows nothing of it, and no other is touched. Users are called after what fails for
 * them.
 */
final class UnforeseenFailureTest {

  private static final String PODS = "/clusters/dev/api/v1/namespaces/x/pods";
  private static final String SECRET = "in the innards";

  private final InMemoryTransport memory = InMemoryTransport.create();
  private final MemoryAuditSink audit = new MemoryAuditSink(1_000);
  private FairleadHub hub;
  private Gateway gateway;
  private ScriptedAgent agent;

  @BeforeEach
  void start() throws Exception {
    hub =
        FairleadHub.builder()
            .transport(memory.hub())
            .authenticator(UnforeseenFailureTest::authenticate)
            .authorizer(
                request -> {
                  fail(request.identity().username(), "authorizer");
                  return CompletableFuture.completedStage(new Decision.Allowed("all", "all", null));
                })
            .audit(new FailingSink())
            .keepInMemory()
            .drainFor(Duration.ZERO)
            .build();
    hub.start();
    hub.fleet().issueInstallToken(ClusterName.of("dev"));
    gateway =
        Gateway.builder(hub)
            .listen("127.0.0.1", 0)
            .tlsByHub("127.0.0.1")
            .drainFor(Duration.ZERO)
            .build();
    gateway.start();
    agent = new ScriptedAgent(memory, "dev", "a1");
    agent.open.orTimeout(20, TimeUnit.SECONDS).join();
    try (var watch = hub.fleet().watch()) {
      while (hub.cluster("dev").status() != ClusterStatus.CONNECTED) {
        assertThat(watch.next(Duration.ofSeconds(20))).isNotEmpty();
      }
    }
  }

  @AfterEach
  void stop() {
    agent.close();
    gateway.close();
    hub.close();
  }

  /** Throws what is no RuntimeException, as a library of the wrong version does. */
  private static void fail(String user, String here) {
    if (user.equals(here)) {
      throw new LinkageError(SECRET);
    }
  }

  private static CompletionStage<Authentication> authenticate(Credential credential) {
    String user = ((BearerToken) credential).reveal().replace("-token", "");
    fail(user, "authenticator");
    return CompletableFuture.completedStage(
        new Authentication.Authenticated(Identity.user(user), "test", null));
  }

  private final class FailingSink implements AuditSink {
    @Override
    @SuppressWarnings("NullAway") // What it must not return.
    public CompletionStage<Void> append(AuditEvent event) {
      String user = event.user() == null ? "" : event.user().username();
      fail(user, "audit");
      return user.equals("audit-null") ? null : audit.append(event);
    }

    @Override
    public void close() {
      audit.close();
    }
  }

  private static String get(String user, String target) {
    return "GET "
        + target
        + " HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer "
        + user
        + "-token\r\n\r\n";
  }

  private static byte[] block(String user, String target) {
    return RawHttp2Client.block(
        ":method",
        "GET",
        ":scheme",
        "https",
        ":path",
        target,
        ":authority",
        "h",
        "authorization",
        "Bearer " + user + "-token");
  }

  private static void frame(RawHttp2Client client, int stream, byte[] block) throws Exception {
    client.frame(
        RawHttp2Client.HEADERS,
        RawHttp2Client.END_HEADERS | RawHttp2Client.END_STREAM,
        stream,
        block);
  }

  private static void isAStatus(String answer) {
    assertThat(answer)
        .contains("\"kind\":\"Status\"", "\"code\":500", "\"reason\":\"InternalError\"")
        .doesNotContain(SECRET, "LinkageError", "dev.fairlead", ".java", "\tat ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"authorizer", "audit", "audit-null"})
  void isAnsweredAndTouchesNobodyElse(String failing) throws Exception {
    try (RawHttp2Client shared = RawHttp2Client.connect(hub.caCertificate(), gateway.port());
        RawClient own = RawClient.connect(hub.caCertificate(), gateway.port())) {
      frame(shared, 1, block("alice", PODS + "?watch=1"));
      HttpStream watch = agent.next().stream();
      watch.sendHead(Heads.create().status("200"), false);
      assertThat(shared.outcome(1)).isEqualTo("200");

      assertThat(own.send(get(failing, PODS)).response()).startsWith("HTTP/1.1 500");
      isAStatus(own.send(get(failing, PODS)).response());
      frame(shared, 3, block(failing, PODS));
      isAStatus(shared.response(3));

      assertThat(agent.taken).isEmpty();
      watch.sendData(Unpooled.copiedBuffer("{1}\n", StandardCharsets.US_ASCII), true);
      assertThat(shared.response(1)).isEqualTo("{1}\n");
      own.send(get("alice", PODS));
      agent.next().stream().sendHead(Heads.create().status("204"), true);
      assertThat(own.head()).startsWith("HTTP/1.1 204");
    }
  }

  /** As nobody is known then, it is no other answer than to any credential that does not hold. */
  @Test
  void anAuthenticatorThatFailsKnowsNobody() throws Exception {
    try (RawClient client = RawClient.connect(hub.caCertificate(), gateway.port())) {
      assertThat(client.send(get("authenticator", PODS)).response())
          .startsWith("HTTP/1.1 401")
          .contains("\"kind\":\"Status\"")
          .doesNotContain(SECRET, "LinkageError");
      client.send(get("alice", PODS));
      agent.next().stream().sendHead(Heads.create().status("204"), true);
      assertThat(client.head()).startsWith("HTTP/1.1 204");
    }
  }

  @Test
  void anExchangeThatFailsAtTheAgentLeavesTheTunnelToTheOthers() throws Exception {
    try (RawClient client = RawClient.connect(hub.caCertificate(), gateway.port());
        RawClient other = RawClient.connect(hub.caCertificate(), gateway.port())) {
      other.send(get("alice", PODS + "?watch=1"));
      HttpStream watch = agent.next().stream();
      watch.sendHead(Heads.create().status("200"), false);
      assertThat(other.head()).startsWith("HTTP/1.1 200");

      client.send(
          "POST "
              + PODS
              + " HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer bob-token\r\nContent-Length: 10\r\n\r\n");
      CompletableFuture<Reset> ended = new CompletableFuture<>();
      agent.next().stream().listen(new Failing(ended));
      client.send("0123456789");
      assertThat(client.rest()).doesNotContain("HTTP/1.1 2", SECRET);
      assertThat(ended.orTimeout(20, TimeUnit.SECONDS).join()).isEqualTo(Reset.INTERNAL);

      watch.sendData(Unpooled.copiedBuffer("{1}\n", StandardCharsets.US_ASCII), true);
      assertThat(other.read(14)).isEqualTo("4\r\n{1}\n\r\n0\r\n\r\n");
    }
  }

  private record Failing(CompletableFuture<Reset> ended) implements HttpStream.Listener {
    @Override
    public void onHead(Http2Headers head, boolean end) {
      throw new LinkageError(SECRET);
    }

    @Override
    public void onData(ByteBuf data, boolean end) {
      data.release();
      throw new LinkageError(SECRET);
    }

    @Override
    public void onTrailers(@Nullable Http2Headers trailers) {
      throw new LinkageError(SECRET);
    }

    @Override
    public void onReset(Reset reason) {
      ended.complete(reason);
    }

    @Override
    public void onSent(int bytes) {
      throw new LinkageError(SECRET);
    }
  }
}
