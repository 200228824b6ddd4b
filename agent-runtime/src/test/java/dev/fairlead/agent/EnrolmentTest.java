package dev.fairlead.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.api.Agent;
import dev.fairlead.api.ClusterName;
import dev.fairlead.api.InstallToken;
import dev.fairlead.api.InvalidException;
import dev.fairlead.api.Time;
import dev.fairlead.api.TransportException;
import dev.fairlead.api.UnauthenticatedException;
import dev.fairlead.api.transport.Enrolment;
import dev.fairlead.api.transport.Peer;
import dev.fairlead.api.transport.TlsMaterial;
import dev.fairlead.core.http.Heads;
import dev.fairlead.core.time.SystemTime;
import dev.fairlead.pki.AgentCertificate;
import dev.fairlead.pki.CertificateAuthority;
import dev.fairlead.pki.CertificatePin;
import dev.fairlead.pki.ClusterSubject;
import dev.fairlead.pki.RotatingCertificate;
import dev.fairlead.testkit.ManualTime;
import io.netty.buffer.Unpooled;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnrolmentTest {

  /** No jitter, no waits. */
  private static final class Least implements RandomGenerator {
    @Override
    public long nextLong() {
      return 0;
    }
  }

  private static final InstallToken TOKEN =
      InstallToken.parse("fli_0123456789abcdef_" + "A".repeat(43));

  /** The hours are moved by hand; what takes seconds goes with the sockets of this test. */
  private record Mixed(ManualTime manual, SystemTime system) implements Time {
    @Override
    public Instant instant() {
      return manual.instant();
    }

    @Override
    public long nanoTime() {
      return system.nanoTime();
    }

    @Override
    public Scheduled schedule(Duration delay, Runnable task) {
      return (delay.toSeconds() < 60 ? system : manual).schedule(delay, task);
    }
  }

  private final Mixed time = new Mixed(ManualTime.at(Instant.now()), new SystemTime());
  @TempDir Path directory;
  private CertificateAuthority authority;
  private TestHub hub;
  private TestApiServer api;
  private final AtomicInteger enrolments = new AtomicInteger();

  @BeforeEach
  void start() throws Exception {
    authority = CertificateAuthority.create(time, new SecureRandom(), "test");
    hub =
        new TestHub(
            time,
            new TlsMaterial(
                List.of(
                    RotatingCertificate.of(
                        authority.issueServer(List.of("localhost"), Duration.ofDays(2)))),
                List.of(authority.trustManagers())));
    hub.enrol =
        (token, csr) -> {
          enrolments.incrementAndGet();
          return issue(csr);
        };
    hub.renew = (peer, csr) -> issue(csr);
    api = new TestApiServer();
  }

  @AfterEach
  void stop() {
    hub.close();
    api.close();
    time.system().close();
  }

  private Enrolment issue(byte[] csr) {
    AgentCertificate issued =
        authority.issueAgent(
            csr,
            new ClusterSubject(new ClusterName("prod"), "agent-1"),
            CertificateAuthority.AGENT_LIFE);
    return new Enrolment(issued.chain());
  }

  private AgentBuilder builder() {
    return FairleadAgent.builder()
        .dial(hub.certified())
        .pinning(CertificatePin.of(authority.certificate()))
        .keepIn(directory.resolve("agent"))
        .cluster(api.address())
        .time(time)
        .random(new Least())
        .drainFor(Duration.ZERO);
  }

  private BigInteger nextSerial() throws InterruptedException {
    Peer.Certified peer = (Peer.Certified) hub.peers.poll(20, TimeUnit.SECONDS);
    assertThat(peer).isNotNull();
    return peer.certificate().getSerialNumber();
  }

  @Test
  void enrolsOnceAndComesBackWithWhatItKept() throws Exception {
    BigInteger first;
    try (FairleadAgent agent = builder().enrolWith(TOKEN).build()) {
      agent.start();
      hub.tunnel();
      first = nextSerial();
    }
    assertThat(Files.exists(directory.resolve("agent/agent.pem"))).isTrue();
    try (FairleadAgent agent = builder().enrolWith(TOKEN).build()) {
      agent.start();
      hub.tunnel();
      assertThat(nextSerial()).isEqualTo(first);
    }
    assertThat(enrolments.get()).isEqualTo(1);
  }

  @Test
  void firstStartWithoutATokenSaysWhatIsMissing() {
    FairleadAgent agent = builder().build();
    assertThatThrownBy(agent::start)
        .isInstanceOf(InvalidException.class)
        .hasMessageContaining("no install token");
  }

  @Test
  void tokenThatIsRefusedFailsTheStart() {
    hub.enrol =
        (token, csr) -> {
          throw new UnauthenticatedException("install token: used up");
        };
    FairleadAgent agent = builder().enrolWith(TOKEN).build();
    assertThatThrownBy(agent::start).isInstanceOf(UnauthenticatedException.class);
    assertThat(agent.state()).isEqualTo(Agent.State.CLOSED);
  }

  @Test
  void renewalOpensTheNextTunnelFirstAndLosesNoExchange() throws Exception {
    AtomicInteger tries = new AtomicInteger();
    hub.renew =
        (peer, csr) -> {
          if (tries.incrementAndGet() == 1) {
            throw new TransportException("a hiccup");
          }
          return issue(csr);
        };
    try (FairleadAgent agent = builder().enrolWith(TOKEN).build()) {
      agent.start();
      TestHub.Tunnel old = hub.tunnel();
      BigInteger first = nextSerial();
      Answer watch = old.get("/api/v1/pods?watch=true");
      TestApiServer.Seen seen = api.request();
      seen.stream().sendHead(Heads.create().status("200"), false);
      assertThat(watch.status()).isEqualTo("200");

      time.manual().advance(Duration.ofHours(12));
      assertThat(tries.get()).isZero();
      time.manual().advance(Duration.ofHours(5));
      TestHub.Tunnel renewed = hub.tunnel();
      BigInteger second = nextSerial();
      assertThat(second).isNotEqualTo(first);
      assertThat(tries.get()).isEqualTo(2);
      Answer.soon(old.draining);
      Answer other = renewed.get("/api/v1/nodes");
      api.request().answer("200", "nodes");
      assertThat(other.body()).isEqualTo("nodes");
      assertThat(old.closed).isNotDone();
      seen.stream().sendData(Unpooled.copiedBuffer("event", StandardCharsets.UTF_8), true);
      assertThat(watch.body()).isEqualTo("event");
      Answer.soon(old.closed);
    }
    try (FairleadAgent again = builder().build()) {
      again.start();
      hub.tunnel();
      assertThat(hub.peers).hasSize(1);
    }
  }

  @Test
  void expiredCertificateIsRefusedUnlessThereIsANewToken() throws Exception {
    try (FairleadAgent agent = builder().enrolWith(TOKEN).build()) {
      agent.start();
      hub.tunnel();
    }
    time.manual().advance(Duration.ofHours(25));
    FairleadAgent expired = builder().build();
    assertThatThrownBy(expired::start)
        .isInstanceOf(UnauthenticatedException.class)
        .hasMessageContaining("expired");
    try (FairleadAgent agent = builder().enrolWith(TOKEN).build()) {
      agent.start();
      hub.tunnel();
    }
    assertThat(enrolments.get()).isEqualTo(2);
  }
}
