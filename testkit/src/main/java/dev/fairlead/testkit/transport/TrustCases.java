package dev.fairlead.testkit.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.api.TransportException;
import dev.fairlead.api.UnauthenticatedException;
import dev.fairlead.api.transport.AgentTransport;
import dev.fairlead.api.transport.TlsMaterial;
import dev.fairlead.testkit.TestAuthority;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * Whom hub and agent trust. A transport that never leaves the process, and says so, connects them
 * whatever their certificates say, and calls the agents local.
 */
abstract class TrustCases extends EnrolmentCases {

  private final AtomicInteger asked = new AtomicInteger();

  /** An agent of a hub that counts what it is asked. */
  private AgentTransport agentOfACountingHub() {
    FakeEndpoint welcoming = welcoming();
    return agentOf(
        new FakeEndpoint(
                hubTls(),
                (pipe, peer) -> {
                  asked.incrementAndGet();
                  welcoming.accept(pipe, peer);
                })
            .enrolling(
                (token, csr) -> {
                  asked.incrementAndGet();
                  return enrolment();
                })
            .renewing(
                (peer, csr) -> {
                  asked.incrementAndGet();
                  return enrolment();
                }));
  }

  private static TlsMaterial certified(
      TestAuthority issuer, TestAuthority trusted, Duration fromNow) {
    Instant now = Instant.now();
    return issuer.issue("agent", now.minus(Duration.ofDays(2)), now.plus(fromNow), trusted);
  }

  @Test
  void anAgentGetsNoPipeToAHubThatItDoesNotTrust() {
    TlsMaterial elsewhere = certified(authority(), TestAuthority.create(), Duration.ofDays(1));
    assertRefused(elsewhere, TransportException.class);
  }

  @Test
  void anAgentOfAnotherAuthorityGetsNoPipe() {
    TlsMaterial stranger = certified(TestAuthority.create(), authority(), Duration.ofDays(1));
    assertRefused(stranger, UnauthenticatedException.class);
  }

  @Test
  void anAgentWhoseCertificateHasExpiredGetsNoPipe() {
    TlsMaterial expired = certified(authority(), authority(), Duration.ofDays(-1));
    assertRefused(expired, UnauthenticatedException.class);
  }

  @Test
  void anAgentWithoutACertificateGetsNoPipe() {
    assertRefused(authority().trust(), UnauthenticatedException.class);
  }

  private void assertRefused(TlsMaterial tls, Class<? extends RuntimeException> kind) {
    End agent = dial(agentOfACountingHub(), tls);
    if (!checksCertificates()) {
      agent.seen().awaitReadies(1);
      return;
    }
    assertThat(agent.seen().awaitClosed()).isInstanceOf(kind);
    assertThat(agent.seen().readies()).isZero();
    assertThat(asked).as("what the hub was asked").hasValue(0);
  }

  @Test
  void anAgentWithoutACertificateRenewsNothing() {
    AgentTransport agent = agentOfACountingHub();
    if (!checksCertificates()) {
      assertThat(agent.renew(authority().trust(), new byte[1])).isNotNull();
      return;
    }
    assertThatThrownBy(() -> agent.renew(authority().trust(), new byte[1]))
        .isInstanceOf(UnauthenticatedException.class);
    assertThat(asked).as("what the hub was asked").hasValue(0);
  }

  @Test
  void aTokenIsNotSentToAHubThatIsNotTrusted() {
    AgentTransport agent = agentOfACountingHub();
    TlsMaterial elsewhere = TestAuthority.create().trust();
    if (!checksCertificates()) {
      assertThat(agent.enrol(elsewhere, token(), new byte[1])).isNotNull();
      return;
    }
    assertThatThrownBy(() -> agent.enrol(elsewhere, token(), new byte[1]))
        .isInstanceOf(TransportException.class);
    assertThat(asked).as("what the hub was asked").hasValue(0);
  }

  @Test
  void theNextPipeUsesTheNextCertificate() {
    AgentTransport agent = agentOfACountingHub();
    dial(agent).seen().awaitReadies(1);
    TlsMaterial expired = certified(authority(), authority(), Duration.ofDays(-1));
    End refused = dial(agent, expired);
    if (checksCertificates()) {
      assertThat(refused.seen().awaitClosed()).isInstanceOf(UnauthenticatedException.class);
    } else {
      refused.seen().awaitReadies(1);
    }
    dial(agent).seen().awaitReadies(1);
  }
}
