package dev.fairlead.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.InvalidException;
import dev.fairlead.api.TransportException;
import dev.fairlead.api.audit.AuditEvent;
import dev.fairlead.core.http.Heads;
import dev.fairlead.gateway.ScriptedAgent.Taken;
import dev.fairlead.testkit.raw.RawClient;
import dev.fairlead.testkit.raw.RawHttp2Client;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A loopback address that stands for one cluster. */
final class LocalAddressTest {

  private static final ClusterName DEV = ClusterName.of("dev");
  private static final ClusterName GONE = ClusterName.of("gone");
  private static final String PODS = "/api/v1/namespaces/x/pods";
  private static final String ALICE = "Authorization: Bearer alice-token\r\n";
  private static final String MACHINE = "127.0.0.1";

  private GatewayFixture fixture;
  private Gateway gateway;

  @BeforeEach
  void start() throws Exception {
    fixture = new GatewayFixture();
    gateway = builder().local(DEV, "127.0.0.2", 0).local(GONE, MACHINE, 0).build();
    gateway.start();
  }

  @AfterEach
  void stop() {
    gateway.close();
    fixture.close();
  }

  private GatewayBuilder builder() {
    return Gateway.builder(fixture.hub)
        .listen(MACHINE, 0)
        .tlsByHub(MACHINE)
        .hosts("hub.test")
        .drainFor(Duration.ZERO);
  }

  private String answerTo(String host, String target, String fields) throws Exception {
    try (RawClient client =
        RawClient.connect(fixture.hub.caCertificate(), gateway.localAddress(DEV))) {
      String hostField = host == null ? "" : "Host: " + host + "\r\n";
      return client
          .send("GET " + target + " HTTP/1.1\r\n" + hostField + fields + "\r\n")
          .response();
    }
  }

  /** The client checks the certificate's names, too. */
  @Test
  void clusterIsThereWithThePathsOfItsApiServer() throws Exception {
    InetSocketAddress address = gateway.localAddress(DEV);
    assertThat(address.getAddress()).isEqualTo(InetAddress.getByName("127.0.0.2"));
    for (HttpClient.Version version : HttpClient.Version.values()) {
      HttpClient client =
          HttpClient.newBuilder()
              .version(version)
              .sslContext(RawClient.trusting(fixture.hub.caCertificate()))
              .build();
      HttpRequest request =
          HttpRequest.newBuilder(
                  URI.create("https://127.0.0.2:" + address.getPort() + PODS + "?limit=5"))
              .header("Authorization", "Bearer alice-token")
              .build();
      CompletableFuture<HttpResponse<String>> answer =
          client.sendAsync(request, HttpResponse.BodyHandlers.ofString());
      Taken taken = fixture.agent.next();
      assertThat(taken.head().identity().username()).isEqualTo("alice");
      assertThat(taken.head().head().path()).hasToString(PODS + "?limit=5");
      assertThat(taken.head().head().get("authorization")).isNull();
      taken.stream().sendHead(Heads.create().status("200"), false);
      taken.stream().sendData(Unpooled.EMPTY_BUFFER, true);

      HttpResponse<String> response = answer.orTimeout(20, TimeUnit.SECONDS).join();
      assertThat(response.version()).isEqualTo(version);
      assertThat(response.statusCode()).isEqualTo(200);
    }
    assertThat(fixture.audit.events())
        .allSatisfy(event -> assertThat(event.cluster()).isEqualTo(DEV))
        .extracting(AuditEvent::stage)
        .contains(AuditEvent.Stage.REQUEST_RECEIVED, AuditEvent.Stage.RESPONSE_COMPLETE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Authorization: Bearer wrong\r\n",
        "Authorization: Basic YWxpY2U6eA==\r\n",
        "Cookie: token=alice-token\r\n"
      })
  void thatACallerIsOnThisMachineIsNoCredential(String fields) throws Exception {
    assertThat(answerTo("127.0.0.2", PODS, fields))
        .startsWith("HTTP/1.1 401")
        .contains("\"kind\":\"Status\"");
    assertThat(fixture.agent.taken).isEmpty();
    assertThat(fixture.audit.events())
        .extracting(AuditEvent::responseCode, AuditEvent::cluster)
        .containsExactly(org.assertj.core.groups.Tuple.tuple(401, DEV));
  }

  @Test
  void whoHasNoRoleIsRefusedThereAsWell() throws Exception {
    assertThat(answerTo("127.0.0.2", PODS, "Authorization: Bearer bob-token\r\n"))
        .startsWith("HTTP/1.1 403")
        .contains("cannot list resource");
    assertThat(answerTo("127.0.0.2", PODS, ALICE + "Impersonate-User: root\r\n"))
        .startsWith("HTTP/1.1 403");
    assertThat(fixture.agent.taken).isEmpty();
  }

  @Test
  void noOtherClusterAndNoPageOfTheHubIsThere() throws Exception {
    for (String target : new String[] {"/clusters/gone" + PODS, "/clusters", "/auth/whoami", "/"}) {
      assertThat(answerTo("127.0.0.2", target, ALICE)).startsWith("HTTP/1.1 403");
    }
    assertThat(fixture.audit.events())
        .allSatisfy(event -> assertThat(event.cluster()).isEqualTo(DEV));
    assertThat(answerTo("127.0.0.2", "/clusters/gone/../x", ALICE)).startsWith("HTTP/1.1 400");
    assertThat(fixture.agent.taken).isEmpty();
  }

  /** A page that a browser shows can lead its own name to any address. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example.com",
        "evil.example.com:6443",
        "127.0.0.2.evil.example.com",
        "localhost.evil.example.com",
        "dev.hub.test",
        "127.0.0.1",
        "127.0.0.2:",
        "127.0.0.2:x",
        "127.0.0.2.",
        "[::1]",
        "0.0.0.0",
        "2130706434",
        ""
      })
  void requestsThatWereLedThereByAnotherNameAreRefused(String host) throws Exception {
    assertThat(answerTo(host, PODS, ALICE)).startsWith("HTTP/1.1 400").contains("host: ");
    assertThat(fixture.agent.taken).isEmpty();
  }

  @Test
  void anotherNameIsRefusedOverHttp2AsWell() throws Exception {
    try (RawHttp2Client client =
        RawHttp2Client.connect(fixture.hub.caCertificate(), gateway.localAddress(GONE).getPort())) {
      for (String authority : new String[] {"evil.example.com", MACHINE}) {
        int stream = authority.equals(MACHINE) ? 3 : 1;
        client.frame(
            RawHttp2Client.HEADERS,
            RawHttp2Client.END_HEADERS | RawHttp2Client.END_STREAM,
            stream,
            RawHttp2Client.block(
                ":method", "GET",
                ":scheme", "https",
                ":authority", authority,
                ":path", PODS,
                "authorization", "Bearer alice-token"));
        // The cluster has no agent, which is found out when all else is in order.
        assertThat(client.outcome(stream)).contains(authority.equals(MACHINE) ? "503" : "400");
      }
    }
  }

  @Test
  void localhostIsAName() throws Exception {
    assertThat(answerTo("localhost:1", PODS, "")).startsWith("HTTP/1.1 401");
    assertThat(answerTo("LOCALHOST", PODS, "")).startsWith("HTTP/1.1 401");
  }

  @Test
  void thereIsNoneUnlessItIsAskedFor() {
    assertThatThrownBy(() -> fixture.gateway.localAddress(DEV))
        .isInstanceOf(InvalidException.class)
        .hasMessageContaining("dev has no local address");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "::",
        "192.168.0.1",
        "128.0.0.1",
        "169.254.169.254",
        "::ffff:10.0.0.1",
        "fe80::1",
        "localhost",
        "hub.example.com",
        "127.1",
        "127.0.0.2:80",
        "2130706433",
        ""
      })
  void addressesThatOthersMayReachAreRefused(String address) {
    GatewayBuilder builder = builder().local(DEV, address, 0).local(GONE, address, 0);
    assertThatThrownBy(builder::build)
        .isInstanceOf(InvalidException.class)
        .hasMessageContaining("local: " + address + " for cluster dev (expected: ")
        .hasMessageContaining("for cluster gone");
  }

  @Test
  void everyMistakeIsToldAtOnce() {
    GatewayBuilder builder =
        Gateway.builder(fixture.hub)
            .local(DEV, "127.0.0.2", 65_536)
            .local(DEV, "127.0.0.2", 6443)
            .local(GONE, "127.0.0.2", 6443)
            .local(DEV, "127.0.0.3", 0);
    assertThatThrownBy(builder::build)
        .isInstanceOf(InvalidException.class)
        .hasMessageContaining("listen: ")
        .hasMessageContaining("local: port 65536")
        .hasMessageContaining("local: 127.0.0.2:6443 for cluster gone")
        .hasMessageContaining("local: 127.0.0.3:0 for cluster dev");
  }

  @Test
  void addressThatIsTakenLeavesNothingListening() throws Exception {
    int free;
    try (ServerSocket looking = new ServerSocket(0, 1, InetAddress.getByName(MACHINE))) {
      free = looking.getLocalPort();
    }
    int taken = gateway.localAddress(DEV).getPort();
    try (Gateway second = builder().listen(MACHINE, free).local(DEV, "127.0.0.2", taken).build()) {
      assertThatThrownBy(second::start)
          .isInstanceOf(TransportException.class)
          .hasMessageContaining("127.0.0.2:" + taken);
      assertThatThrownBy(() -> new Socket(MACHINE, free).close()).isInstanceOf(IOException.class);
    }
  }

  @Test
  void itClosesWithTheFrontDoor() {
    InetSocketAddress address = gateway.localAddress(DEV);
    gateway.close();
    assertThatThrownBy(() -> new Socket(address.getAddress(), address.getPort()).close())
        .isInstanceOf(IOException.class);
  }

  @Test
  void connectionsCountTogetherWithThoseOfTheFrontDoor() throws Exception {
    try (Gateway strict = builder().local(DEV, "127.0.0.2", 0).connectionsPerAddress(1).build()) {
      strict.start();
      InetSocketAddress local = strict.localAddress(DEV);
      try (RawClient first = RawClient.connect(fixture.hub.caCertificate(), strict.port())) {
        assertThat(first.send("GET /livez HTTP/1.1\r\nHost: h\r\n\r\n").response())
            .startsWith("HTTP/1.1 200");
        try (Socket beyond = new Socket(local.getAddress(), local.getPort())) {
          beyond.setSoTimeout(20_000);
          assertThat(RawClient.isClosed(beyond)).isTrue();
        }
      }
    }
  }
}
