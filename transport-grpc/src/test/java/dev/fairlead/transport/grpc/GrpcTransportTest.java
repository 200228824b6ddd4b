package dev.fairlead.transport.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.api.InstallToken;
import dev.fairlead.api.LimitException;
import dev.fairlead.api.TransportException;
import dev.fairlead.api.UnauthenticatedException;
import dev.fairlead.api.transport.AgentTransport;
import dev.fairlead.api.transport.Enrolment;
import dev.fairlead.api.transport.HubTransport;
import dev.fairlead.api.transport.TlsMaterial;
import dev.fairlead.testkit.TestAuthority;
import io.grpc.Grpc;
import java.io.IOException;
import java.net.ServerSocket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Mutual TLS, addresses, limits, and the sentences that people read. */
class GrpcTransportTest {

  private static final InstallToken TOKEN =
      InstallToken.parse("fli_0123456789abcdef_" + "s".repeat(43));

  private final TestAuthority authority = TestAuthority.create();
  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable closeable : open) {
      closeable.close();
    }
  }

  private int listen(EchoHub echo) {
    HubTransport hub = GrpcTransport.listen(0);
    open.push(hub);
    hub.start(echo);
    return Integer.parseInt(hub.address().replaceAll(".*:", ""));
  }

  private AgentTransport agentOf(EchoHub echo) {
    return to(listen(echo));
  }

  private AgentTransport to(int port) {
    AgentTransport agent = GrpcTransport.to("localhost", port);
    open.push(agent);
    return agent;
  }

  private static Object failureOf(AgentTransport agent, TlsMaterial tls) throws Exception {
    return new Agent(agent.dial(tls)).closed();
  }

  @Test
  void aTunnelNeedsAClientCertificate() throws Exception {
    AgentTransport agent = agentOf(new EchoHub(authority.server()));
    assertThat(failureOf(agent, authority.trust()))
        .isInstanceOf(UnauthenticatedException.class)
        .asString()
        .contains("no client certificate");
  }

  @Test
  void aRenewalNeedsAClientCertificate() {
    AgentTransport agent = agentOf(new EchoHub(authority.server()));
    assertThatThrownBy(() -> agent.renew(authority.trust(), new byte[1]))
        .isInstanceOf(UnauthenticatedException.class)
        .hasMessageContaining("no client certificate");
  }

  @Test
  void anAgentOfAnotherAuthorityIsNotAccepted() throws Exception {
    AgentTransport agent = agentOf(new EchoHub(authority.server()));
    Instant now = Instant.now();
    TlsMaterial stranger =
        TestAuthority.create()
            .issue("agent", now.minusSeconds(60), now.plusSeconds(3600), authority);
    assertThat(failureOf(agent, stranger)).isInstanceOf(UnauthenticatedException.class);
  }

  @Test
  void anExpiredAgentIsNotAccepted() throws Exception {
    AgentTransport agent = agentOf(new EchoHub(authority.server()));
    Instant now = Instant.now();
    TlsMaterial expired =
        authority.issue(
            "agent", now.minus(Duration.ofDays(2)), now.minus(Duration.ofDays(1)), authority);
    assertThat(failureOf(agent, expired)).isInstanceOf(UnauthenticatedException.class);
    assertThatThrownBy(() -> agent.renew(expired, new byte[1]))
        .isInstanceOf(UnauthenticatedException.class);
  }

  @Test
  void aHubOfAnotherAuthorityIsNotTrusted() throws Exception {
    AgentTransport agent = agentOf(new EchoHub(TestAuthority.create().server()));
    assertThat(failureOf(agent, authority.client("agent")))
        .isInstanceOf(TransportException.class)
        .asString()
        .contains("is this the hub");
    assertThatThrownBy(() -> agent.enrol(authority.trust(), TOKEN, new byte[1]))
        .isInstanceOf(TransportException.class)
        .hasMessageContaining("is this the hub");
  }

  @Test
  void anExpiredHubIsNotTrusted() throws Exception {
    Instant now = Instant.now();
    AgentTransport agent =
        agentOf(
            new EchoHub(
                authority.issue(
                    "localhost",
                    now.minus(Duration.ofDays(2)),
                    now.minus(Duration.ofDays(1)),
                    authority)));
    assertThat(failureOf(agent, authority.client("agent"))).isInstanceOf(TransportException.class);
  }

  @Test
  void aHubOfAnotherNameIsNotTrusted() throws Exception {
    int port = listen(new EchoHub(authority.server()));
    AgentTransport agent =
        GrpcTransport.through(
            "hub.example.com",
            credentials ->
                Grpc.newChannelBuilderForAddress("localhost", port, credentials)
                    .overrideAuthority("hub.example.com"));
    open.push(agent);
    assertThat(failureOf(agent, authority.client("agent"))).isInstanceOf(TransportException.class);
  }

  @Test
  void theHubsRenewedCertificateServesTheNextConnection() throws Exception {
    TestAuthority next = TestAuthority.create();
    Instant now = Instant.now();
    TlsMaterial first = authority.server();
    TlsMaterial second =
        next.issue("localhost", now.minusSeconds(60), now.plusSeconds(3600), authority);
    AtomicReference<TlsMaterial> current = new AtomicReference<>(first);
    TlsMaterial rotating = new TlsMaterial(List.of(new Rotating(current)), first.trustManagers());
    AgentTransport agent = agentOf(new EchoHub(rotating));
    TlsMaterial trustsFirst = authority.client("agent");
    TlsMaterial trustsSecond =
        authority.issue("agent", now.minusSeconds(60), now.plusSeconds(3600), next);
    new Agent(agent.dial(trustsFirst)).ready();
    current.set(second);
    new Agent(agent.dial(trustsSecond)).ready();
    assertThat(failureOf(agent, trustsFirst)).isInstanceOf(TransportException.class);
  }

  /** Serves whichever key is current. */
  private static final class Rotating extends X509ExtendedKeyManager {
    private final AtomicReference<TlsMaterial> current;

    Rotating(AtomicReference<TlsMaterial> current) {
      this.current = current;
    }

    private X509ExtendedKeyManager now() {
      return (X509ExtendedKeyManager) current.get().keyManagers().get(0);
    }

    @Override
    public String[] getClientAliases(String keyType, Principal[] issuers) {
      return now().getClientAliases(keyType, issuers);
    }

    @Override
    public String chooseClientAlias(String[] keyType, Principal[] issuers, java.net.Socket socket) {
      return now().chooseClientAlias(keyType, issuers, socket);
    }

    @Override
    public String[] getServerAliases(String keyType, Principal[] issuers) {
      return now().getServerAliases(keyType, issuers);
    }

    @Override
    public String chooseServerAlias(String keyType, Principal[] issuers, java.net.Socket socket) {
      return now().chooseServerAlias(keyType, issuers, socket);
    }

    @Override
    public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
      return now().chooseEngineServerAlias(keyType, issuers, engine);
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return now().getCertificateChain(alias);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return now().getPrivateKey(alias);
    }
  }

  @Test
  void aPortInUseIsNamed() throws IOException {
    try (ServerSocket other = new ServerSocket(0)) {
      HubTransport hub = GrpcTransport.listen(other.getLocalPort());
      open.push(hub);
      assertThatThrownBy(() -> hub.start(new EchoHub(authority.server())))
          .isInstanceOf(TransportException.class)
          .hasMessageContaining(":" + other.getLocalPort() + " is in use")
          .hasMessageContaining("choose another port");
    }
  }

  @Test
  void hostThatIsUnknownIsNamed() {
    try (HubTransport hub = GrpcTransport.listen("nowhere.invalid", 0)) {
      assertThatThrownBy(() -> hub.start(new EchoHub(authority.server())))
          .isInstanceOf(TransportException.class)
          .hasMessageContainingAll("nowhere.invalid:0", "a name or address of this machine");
    }
  }

  @Test
  void aHubThatDoesNotRunIsNamed() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    AgentTransport agent = to(port);
    String sentence = "localhost:" + port + ": connection refused (is the hub running?)";
    Object cause = failureOf(agent, authority.client("agent"));
    assertThat(cause).isInstanceOf(TransportException.class).asString().contains(sentence);
    assertThatThrownBy(() -> agent.enrol(authority.trust(), TOKEN, new byte[1]))
        .isInstanceOf(TransportException.class)
        .hasMessage(sentence);
  }

  @Test
  void portsOutOfRangeAreRefused() {
    assertThatThrownBy(() -> GrpcTransport.listen(65_536))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("65536");
    assertThatThrownBy(() -> GrpcTransport.to("localhost", -1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void anEmbeddersOwnServerIsUsed() throws Exception {
    HubTransport hub =
        GrpcTransport.on("here:0", credentials -> Grpc.newServerBuilderForPort(0, credentials));
    open.push(hub);
    assertThat(hub.address()).isEqualTo("here:0");
    hub.start(new EchoHub(authority.server()));
    AgentTransport agent = to(Integer.parseInt(hub.address().replaceAll(".*:", "")));
    Agent pipe = new Agent(agent.dial(authority.client("agent"))).ready();
    pipe.send(new byte[] {1});
    assertThat(pipe.receive(1)).containsExactly(1);
  }

  @Test
  void enrolmentsBeyondTheLimitAreRefusedAndPipesAreNotHeldUp() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    Enrolment answer = new Enrolment(List.of(authority.certificate(), authority.certificate()));
    AgentTransport agent =
        agentOf(
            new EchoHub(
                authority.server(),
                (token, csr) -> {
                  try {
                    assertThat(release.await(60, TimeUnit.SECONDS)).isTrue();
                  } catch (InterruptedException interrupted) {
                    throw new IllegalStateException(interrupted);
                  }
                  return answer;
                }));
    ExecutorService callers = Executors.newFixedThreadPool(80);
    try {
      CountDownLatch refused = new CountDownLatch(16);
      List<Future<Object>> results = new ArrayList<>();
      for (int caller = 0; caller < 80; caller++) {
        results.add(
            callers.submit(
                () -> {
                  try {
                    return agent.enrol(authority.trust(), TOKEN, new byte[1]);
                  } catch (LimitException limit) {
                    refused.countDown();
                    return limit;
                  }
                }));
      }
      assertThat(refused.await(60, TimeUnit.SECONDS)).isTrue();
      new Agent(agent.dial(authority.client("agent"))).ready();
      release.countDown();
      int enrolled = 0;
      for (Future<Object> result : results) {
        if (result.get(60, TimeUnit.SECONDS) instanceof Enrolment) {
          enrolled++;
        }
      }
      assertThat(enrolled).isEqualTo(64);
    } finally {
      release.countDown();
      callers.shutdown();
    }
  }
}
