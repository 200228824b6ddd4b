package dev.fairlead.testkit.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.api.FairleadException;
import dev.fairlead.api.InstallToken;
import dev.fairlead.api.InvalidException;
import dev.fairlead.api.LimitException;
import dev.fairlead.api.TransportException;
import dev.fairlead.api.UnauthenticatedException;
import dev.fairlead.api.transport.AgentTransport;
import dev.fairlead.api.transport.Enrolment;
import dev.fairlead.api.transport.HubTransport;
import dev.fairlead.api.transport.Peer;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Enrolment and renewal: what arrives, who is known by what, and how refusals come back. */
abstract class EnrolmentCases extends AbortCases {

  @Test
  void anEnrolmentPassesThrough() {
    AtomicReference<InstallToken> token = new AtomicReference<>();
    AtomicReference<byte[]> csr = new AtomicReference<>();
    Enrolment answer = enrolment();
    AgentTransport agent =
        agentOf(
            welcoming()
                .enrolling(
                    (sentToken, sentCsr) -> {
                      token.set(sentToken);
                      csr.set(sentCsr);
                      return answer;
                    }));
    assertThat(agent.enrol(authority().trust(), token(), new byte[] {1, 2, 3})).isEqualTo(answer);
    assertThat(Objects.requireNonNull(token.get()).reveal()).isEqualTo(token().reveal());
    assertThat(csr.get()).containsExactly(1, 2, 3);
  }

  @Test
  void aRenewalPassesThrough() {
    AtomicReference<Peer> peer = new AtomicReference<>();
    AtomicReference<byte[]> csr = new AtomicReference<>();
    Enrolment answer = enrolment();
    AgentTransport agent =
        agentOf(
            welcoming()
                .renewing(
                    (sentPeer, sentCsr) -> {
                      peer.set(sentPeer);
                      csr.set(sentCsr);
                      return answer;
                    }));
    assertThat(agent.renew(agentTls(), new byte[] {1})).isEqualTo(answer);
    assertThat(csr.get()).containsExactly(1);
    assertKnown(Objects.requireNonNull(peer.get()));
  }

  @Test
  void refusedEnrolmentsKeepTheirKind() {
    AtomicReference<FairleadException> refusal = new AtomicReference<>();
    AgentTransport agent =
        agentOf(
            welcoming()
                .enrolling(
                    (token, csr) -> {
                      throw Objects.requireNonNull(refusal.get());
                    })
                .renewing(
                    (peer, csr) -> {
                      throw Objects.requireNonNull(refusal.get());
                    }));
    for (FairleadException next :
        List.of(
            new UnauthenticatedException("token is used up"),
            new InvalidException("key has 512 bits"),
            new LimitException("64 enrolments are under way"))) {
      refusal.set(next);
      assertThatThrownBy(() -> agent.enrol(authority().trust(), token(), new byte[1]))
          .isInstanceOf(next.getClass())
          .hasMessageContaining(next.getMessage());
      assertThatThrownBy(() -> agent.renew(agentTls(), new byte[1]))
          .isInstanceOf(next.getClass())
          .hasMessageContaining(next.getMessage());
    }
  }

  @Test
  void aHubThatFailsToEnrolIsATransportsFailure() {
    AgentTransport agent =
        agentOf(
            welcoming()
                .enrolling(
                    (token, csr) -> {
                      throw new IllegalStateException("password=hunter2");
                    }));
    assertThatThrownBy(() -> agent.enrol(authority().trust(), token(), new byte[1]))
        .isInstanceOf(TransportException.class)
        .message()
        .doesNotContain("hunter2");
  }

  @Test
  void anEnrolmentWhileNobodyListensFails() {
    listen().close();
    assertThatThrownBy(() -> dialler().enrol(authority().trust(), token(), new byte[1]))
        .isInstanceOf(TransportException.class);
    assertThatThrownBy(() -> dialler().renew(agentTls(), new byte[1]))
        .isInstanceOf(TransportException.class);
  }

  final void assertKnown(Peer peer) {
    if (!checksCertificates()) {
      assertThat(peer).isInstanceOf(Peer.Local.class);
    } else if (peer instanceof Peer.Certified certified) {
      assertThat(certified.certificate().getSubjectX500Principal().getName()).isEqualTo("CN=agent");
    } else {
      throw new AssertionError(peer + " (expected: Certified, as certificates are checked)");
    }
  }

  final AgentTransport agentOf(FakeEndpoint endpoint) {
    HubTransport hub = newHub();
    hub.start(endpoint);
    return closing(agent(hub.address()));
  }

  final Enrolment enrolment() {
    return new Enrolment(List.of(authority().certificate(), authority().certificate()));
  }

  static InstallToken token() {
    return InstallToken.parse("fli_0123456789abcdef_" + "s".repeat(43));
  }
}
