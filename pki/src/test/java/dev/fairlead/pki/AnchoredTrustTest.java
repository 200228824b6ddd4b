package dev.fairlead.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.pki.AnchoredTrust.Purpose;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class AnchoredTrustTest {

  private final CertificateAuthority authority = Pki.authority();
  private final AtomicReference<Instant> now = new AtomicReference<>(Pki.NOW);
  private final AtomicInteger asked = new AtomicInteger();

  private AnchoredTrust trust(Purpose purpose) {
    return new AnchoredTrust(authority.certificate(), now::get, purpose);
  }

  private void ask(AnchoredTrust trust, X509Certificate... chain) throws CertificateException {
    trust.clients(
        chain,
        delegate -> {
          asked.incrementAndGet();
          delegate.checkClientTrusted(chain, "EC");
        });
  }

  private X509Certificate agent() {
    return Pki.agent(authority, Pki.PROD).certificate();
  }

  @Test
  void theSignatureOfAClientIsVerifiedOnce() throws Exception {
    AnchoredTrust trust = trust(Purpose.CLIENT);
    X509Certificate agent = agent();
    ask(trust, agent);
    ask(trust, agent, authority.certificate());
    assertThat(asked).hasValue(1);
    ask(trust, agent());
    assertThat(asked).as("another certificate of the same agent").hasValue(2);
  }

  @Test
  void aKnownClientIsRefusedWhenItsTimeIsOver() throws Exception {
    AnchoredTrust trust = trust(Purpose.CLIENT);
    X509Certificate agent = agent();
    ask(trust, agent);
    now.set(agent.getNotAfter().toInstant().plusSeconds(1));
    assertThatThrownBy(() -> ask(trust, agent))
        .isInstanceOf(CertificateException.class)
        .hasMessageContaining("client certificate refused");
    now.set(agent.getNotBefore().toInstant().minusSeconds(1));
    assertThatThrownBy(() -> ask(trust, agent)).isInstanceOf(CertificateException.class);
  }

  @Test
  void aKnownClientIsRefusedWhenTheTimeOfItsAuthorityIsOver() throws Exception {
    AnchoredTrust trust = trust(Purpose.CLIENT);
    X509Certificate agent = agent();
    ask(trust, agent);
    now.set(authority.certificate().getNotAfter().toInstant().plus(Duration.ofSeconds(1)));
    assertThatThrownBy(() -> ask(trust, agent)).isInstanceOf(CertificateException.class);
  }

  @Test
  void aRefusedClientIsNotRemembered() {
    AnchoredTrust trust = trust(Purpose.CLIENT);
    X509Certificate foreign = Pki.agent(Pki.authority(), Pki.PROD).certificate();
    for (int i = 1; i <= 2; i++) {
      assertThatThrownBy(() -> ask(trust, foreign)).isInstanceOf(CertificateException.class);
      assertThat(asked).hasValue(i);
    }
  }

  @Test
  void aServerIsVerifiedEachTimeAsItsNameIsAskedToo() throws Exception {
    AnchoredTrust trust = trust(Purpose.SERVER);
    X509Certificate[] chain =
        authority
            .issueServer(List.of("hub"), Duration.ofHours(1))
            .chain()
            .toArray(X509Certificate[]::new);
    for (int i = 1; i <= 2; i++) {
      trust.servers(
          chain,
          delegate -> {
            asked.incrementAndGet();
            delegate.checkServerTrusted(chain, "ECDHE_ECDSA");
          });
      assertThat(asked).hasValue(i);
    }
  }

  @Test
  void thoseUsedLastAreRemembered() throws Exception {
    VerifiedCertificates verified = new VerifiedCertificates(2);
    List<X509Certificate> agents = List.of(agent(), agent(), agent());
    verified.add(agents.get(0));
    verified.add(agents.get(1));
    assertThat(verified.contains(agents.get(0))).isTrue();
    verified.add(agents.get(2));
    assertThat(verified.contains(agents.get(0))).isTrue();
    assertThat(verified.contains(agents.get(1))).as("used before the others").isFalse();
    assertThat(verified.contains(agents.get(2))).isTrue();
  }
}
