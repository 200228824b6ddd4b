package dev.fairlead.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.InstallToken;
import dev.fairlead.api.Time;
import dev.fairlead.api.transport.Enrolment;
import dev.fairlead.api.transport.Peer;
import dev.fairlead.api.transport.TlsMaterial;
import dev.fairlead.core.time.SystemTime;
import dev.fairlead.pki.AgentCertificate;
import dev.fairlead.pki.CertificateAuthority;
import dev.fairlead.pki.CertificatePin;
import dev.fairlead.pki.ClusterSubject;
import dev.fairlead.pki.RotatingCertificate;
import dev.fairlead.testkit.ManualTime;
import java.math.BigInteger;
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
import org.junit.jupiter.api.io.TempDir;

/** Agents that enrol at a hub without a hub, by clocks that a test moves. */
abstract class EnrolmentFixture {

  /** No jitter, no waits. */
  private static final class Least implements RandomGenerator {
    @Override
    public long nextLong() {
      return 0;
    }
  }

  static final InstallToken TOKEN = InstallToken.parse("fli_0123456789abcdef_" + "A".repeat(43));

  /** The hours are moved by hand; what takes seconds goes with the sockets of this test. */
  record Mixed(ManualTime manual, SystemTime system) implements Time {
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

  final Mixed time = new Mixed(ManualTime.at(Instant.now()), new SystemTime());
  @TempDir Path directory;

  /** By how much the hub's wall clock is ahead of the agent's. */
  volatile Duration hubAhead = Duration.ZERO;

  CertificateAuthority authority;
  TestHub hub;
  TestApiServer api;
  final AtomicInteger enrolments = new AtomicInteger();

  @BeforeEach
  void start() throws Exception {
    authority =
        CertificateAuthority.create(
            () -> time.instant().plus(hubAhead), new SecureRandom(), "test");
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

  Enrolment issue(byte[] csr) {
    AgentCertificate issued =
        authority.issueAgent(
            csr,
            new ClusterSubject(new ClusterName("prod"), "agent-1"),
            CertificateAuthority.AGENT_LIFE);
    return new Enrolment(issued.chain());
  }

  AgentBuilder builder() {
    return FairleadAgent.builder()
        .dial(hub.certified())
        .pinning(CertificatePin.of(authority.certificate()))
        .keepIn(directory.resolve("agent"))
        .cluster(api.address())
        .time(time)
        .random(new Least())
        .drainFor(Duration.ZERO);
  }

  BigInteger nextSerial() throws InterruptedException {
    Peer.Certified peer = (Peer.Certified) hub.peers.poll(20, TimeUnit.SECONDS);
    assertThat(peer).isNotNull();
    return peer.certificate().getSerialNumber();
  }
}
