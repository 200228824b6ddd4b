package dev.fairlead.pki;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.Principal;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.security.auth.x500.X500Principal;
import org.junit.jupiter.api.Test;

class RotatingCertificateTest {

  private static final String HOST = "hub.example.com";

  private final CertificateAuthority authority = Pki.authority();

  @Test
  void nextHandshakeShowsTheReplacement() throws Exception {
    ServerCertificate first = server(1);
    ServerCertificate second = server(2);
    RotatingCertificate rotating = RotatingCertificate.of(first);
    SSLContext hub = Tls.context(new KeyManager[] {rotating}, authority.trustManagers());

    assertThat(Tls.dial("TLSv1.3", HOST, freshClient(), hub).shakeHands().server())
        .isEqualTo(first.chain().get(0));
    assertThat(rotating.notAfter()).isEqualTo(first.notAfter());
    rotating.replace(second);

    assertThat(Tls.dial("TLSv1.3", HOST, freshClient(), hub).shakeHands().server())
        .isEqualTo(second.chain().get(0));
    assertThat(rotating.notAfter()).isEqualTo(second.notAfter());
  }

  @Test
  void certificateIsDueAfterAThirdOfItsLifeAndBeforeItsBeginning() {
    ServerCertificate month = authority.issueServer(List.of(HOST), Duration.ofDays(30));
    RotatingCertificate rotating = RotatingCertificate.of(month);
    assertThat(rotating.isDue(Pki.NOW)).isFalse();
    assertThat(rotating.isDue(Pki.NOW.plus(Duration.ofDays(9)))).isFalse();
    assertThat(rotating.isDue(Pki.NOW.plus(Duration.ofDays(10)))).isTrue();
    assertThat(rotating.isDue(Pki.NOW.minus(Duration.ofHours(1)))).isTrue();
  }

  @Test
  void agentsRotateToo() throws Exception {
    AgentCredentials first = Pki.agent(authority, Pki.PROD);
    AgentCredentials second = Pki.agent(authority, Pki.PROD);
    RotatingCertificate rotating = RotatingCertificate.of(first);
    ServerCertificate server = server(1);
    SSLContext hub = Tls.context(server.keyManagers(), server.trustManagers());
    SSLContext agent = Tls.context(new KeyManager[] {rotating}, first.trustManagers(Pki.CLOCK));

    assertThat(
            Tls.dial("TLSv1.3", HOST, agent, hub).demandClientCertificate().shakeHands().client())
        .isEqualTo(first.certificate());
    rotating.replace(second);

    // A new context: the old one may resume the session it made with the first certificate.
    SSLContext renewed = Tls.context(new KeyManager[] {rotating}, first.trustManagers(Pki.CLOCK));
    assertThat(
            Tls.dial("TLSv1.3", HOST, renewed, hub).demandClientCertificate().shakeHands().client())
        .isEqualTo(second.certificate());
  }

  @Test
  void aHandshakeThatIsOvertakenOnceEndsWithThePairItBeganWith() {
    ServerCertificate first = server(1);
    RotatingCertificate rotating = RotatingCertificate.of(first);
    String alias = rotating.chooseEngineServerAlias("EC", null, null);

    rotating.replace(server(2));

    assertThat(rotating.getCertificateChain(alias)).containsExactly(chain(first));
    assertThat(rotating.getPrivateKey(alias)).isEqualTo(first.privateKey());
  }

  @Test
  void aHandshakeThatIsOvertakenTwiceFindsNothing() {
    RotatingCertificate rotating = RotatingCertificate.of(server(1));
    String alias = rotating.chooseEngineServerAlias("EC", null, null);

    rotating.replace(server(2));
    rotating.replace(server(3));

    assertThat(rotating.getCertificateChain(alias)).isNull();
    assertThat(rotating.getPrivateKey(alias)).isNull();
    assertThat(rotating.getPrivateKey(null)).isNull();
    assertThat(rotating.getPrivateKey("another")).isNull();
  }

  @Test
  void keyAndChainBelongTogetherWhileRotating() throws Exception {
    List<ServerCertificate> certificates = List.of(server(1), server(2), server(3), server(4));
    RotatingCertificate rotating = RotatingCertificate.of(certificates.get(0));
    AtomicBoolean reading = new AtomicBoolean(true);
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      Future<?> rotation =
          thread.submit(
              () -> {
                for (int i = 0; reading.get(); i++) {
                  rotating.replace(certificates.get(i % certificates.size()));
                }
              });
      for (int i = 0; i < 20_000; i++) {
        String alias = rotating.chooseEngineServerAlias("EC", null, null);
        X509Certificate[] shown = rotating.getCertificateChain(alias);
        var key = rotating.getPrivateKey(alias);
        if (shown != null && key != null) {
          assertThat(certificates)
              .anyMatch(c -> c.privateKey().equals(key) && c.chain().get(0).equals(shown[0]));
        }
      }
      reading.set(false);
      rotation.get();
    } finally {
      reading.set(false);
      thread.shutdownNow();
    }
  }

  @Test
  void onlyAFittingKeyAndIssuerAreOffered() {
    RotatingCertificate rotating = RotatingCertificate.of(Pki.agent(authority, Pki.PROD));
    Principal[] ours = {authority.certificate().getSubjectX500Principal()};
    Principal[] others = {new X500Principal("CN=other")};

    assertThat(rotating.chooseClientAlias(new String[] {"RSA", "EC"}, ours, null)).isNotNull();
    assertThat(rotating.chooseEngineClientAlias(new String[] {"EC"}, null, null)).isNotNull();
    assertThat(rotating.chooseServerAlias("EC_EC", null, null)).isNotNull();
    assertThat(rotating.getClientAliases("EC", ours)).hasSize(1);
    assertThat(rotating.getServerAliases("EC", null)).hasSize(1);
    assertThat(rotating.chooseClientAlias(new String[] {"RSA"}, ours, null)).isNull();
    assertThat(rotating.chooseClientAlias(null, ours, null)).isNull();
    assertThat(rotating.chooseClientAlias(new String[] {"EC"}, others, null)).isNull();
    assertThat(rotating.chooseServerAlias("ECDSA", null, null)).isNull();
    assertThat(rotating.chooseServerAlias(null, null, null)).isNull();
    assertThat(rotating.getClientAliases("RSA", null)).isNull();
  }

  /** A context that has no session to resume. */
  private SSLContext freshClient() {
    return Tls.context(new KeyManager[0], authority.sha256().trustManager(Pki.CLOCK));
  }

  private ServerCertificate server(int hours) {
    return authority.issueServer(List.of(HOST), Duration.ofHours(hours));
  }

  private static X509Certificate[] chain(ServerCertificate certificate) {
    return certificate.chain().toArray(X509Certificate[]::new);
  }
}
