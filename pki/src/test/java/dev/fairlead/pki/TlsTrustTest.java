package dev.fairlead.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.KeyPair;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsTrustTest {

  private static final String TLS13 = "TLSv1.3";
  private static final String HOST = "hub.example.com";
  private static final Duration HOUR = Duration.ofHours(1);
  private static final KeyManager[] NO_KEYS = {};

  private final CertificateAuthority authority = Pki.authority();
  private final ServerCertificate hub =
      authority.issueServer(List.of(HOST, "10.1.2.3", "2001:db8::7"), HOUR);

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void pinAcceptsTheHubItStandsFor(String protocol) throws Exception {
    Tls.Seen seen = Tls.dial(protocol, HOST, pinning(authority), showing(hub)).shakeHands();

    assertThat(seen.server()).isEqualTo(hub.chain().get(0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.1.2.3", "2001:db8::7"})
  void pinAcceptsAHubDialledByAddress(String address) throws Exception {
    Tls.Seen seen = Tls.dial(TLS13, address, pinning(authority), showing(hub)).shakeHands();

    assertThat(seen.server()).isEqualTo(hub.chain().get(0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void pinRefusesTheHubOfAnotherAuthorityOfTheSameName(String protocol) {
    ServerCertificate other = Pki.authority().issueServer(List.of(HOST), HOUR);

    assertRefused(
        Tls.dial(protocol, HOST, pinning(authority), showing(other)),
        "expected a chain with the CA " + authority.sha256());
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void pinRefusesAnotherHost(String protocol) {
    assertRefused(
        Tls.dial(protocol, "other.example.com", pinning(authority), showing(hub)),
        "other.example.com");
  }

  @Test
  void pinRefusesAnotherAddress() {
    assertRefused(Tls.dial(TLS13, "10.1.2.4", pinning(authority), showing(hub)), "10.1.2.4");
  }

  @Test
  void pinRefusesAnExpiredLeaf() {
    assertRefused(
        Tls.dial(TLS13, HOST, pinning(authority, Pki.later(HOUR.plusSeconds(1))), showing(hub)),
        "expected a valid chain of the CA " + authority.sha256());
  }

  @Test
  void pinRefusesALeafThatIsNotYetValid() {
    assertRefused(
        Tls.dial(TLS13, HOST, pinning(authority, Pki.later(Duration.ofMinutes(-6))), showing(hub)),
        "NotBefore");
  }

  @Test
  void pinRefusesAnExpiredAuthority() {
    InstantSource afterwards = Pki.later(CertificateAuthority.LIFE.plusDays(1));

    assertRefused(Tls.dial(TLS13, HOST, pinning(authority, afterwards), showing(hub)), "NotAfter");
  }

  @Test
  void pinRefusesAnExpiredAuthorityWhoseLeafIsStillInDate() {
    KeyPair caKeys = Keys.newP256(Pki.RANDOM);
    X509Certificate ca =
        Pki.template("CN=ca", caKeys).authority().selfSigned(caKeys.getPrivate(), Pki.RANDOM);
    KeyPair keys = Keys.newP256(Pki.RANDOM);
    X509Certificate leaf =
        new CertificateTemplate(
                new X500Name("CN=hub"),
                keys.getPublic(),
                Pki.NOW,
                Pki.NOW.plus(HOUR.multipliedBy(3)))
            .leaf(HostNames.of(List.of(HOST)), KeyPurposeId.id_kp_serverAuth)
            .signedBy(new KeyEntry(caKeys.getPrivate(), List.of(ca)), Pki.RANDOM);
    SSLContext server = showing(new KeyEntry(keys.getPrivate(), List.of(leaf, ca)));
    CertificatePin pin = CertificatePin.of(ca);

    assertThat(
            shake(Tls.dial(TLS13, HOST, Tls.context(NO_KEYS, pin.trustManager(Pki.CLOCK)), server)))
        .isNull();
    assertRefused(
        Tls.dial(
            TLS13,
            HOST,
            Tls.context(NO_KEYS, pin.trustManager(Pki.later(HOUR.multipliedBy(2)))),
            server),
        "NotAfter");
  }

  @Test
  void pinRefusesAnAgentThatPosesAsHub() {
    AgentCredentials agent = Pki.agent(authority, ClusterSubject.of("prod-eu", HOST));

    assertRefused(
        Tls.dial(
            TLS13,
            HOST,
            pinning(authority),
            Tls.context(agent.keyManagers(), authority.trustManagers())),
        "not issued for server authentication");
  }

  @Test
  void pinRefusesASelfSignedLeafOfTheSameName() {
    String subject = hub.chain().get(0).getSubjectX500Principal().getName();

    assertRefused(
        Tls.dial(TLS13, HOST, pinning(authority), showing(Pki.selfSignedServer(subject, HOST))),
        "expected a chain with the CA " + authority.sha256());
  }

  @Test
  void pinRefusesAForeignLeafThatBringsThePinnedAuthorityAlong() {
    String issuer = authority.certificate().getSubjectX500Principal().getName();
    KeyEntry forged = Pki.selfSignedServer(issuer, HOST);
    KeyEntry decorated =
        new KeyEntry(forged.privateKey(), List.of(forged.leaf(), authority.certificate()));

    assertRefused(
        Tls.dial(TLS13, HOST, pinning(authority), showing(decorated)),
        "expected a valid chain of the CA " + authority.sha256());
  }

  @Test
  void pinRefusesAChainThatLeavesTheAuthorityOut() {
    KeyEntry bare = new KeyEntry(hub.privateKey(), hub.chain().subList(0, 1));

    assertRefused(
        Tls.dial(TLS13, HOST, pinning(authority), showing(bare)),
        "found 1 certificate [" + CertificatePin.of(hub.chain().get(0)) + "]");
  }

  @Test
  void pinOfALeafIsNoPinOfAnAuthority() {
    CertificatePin leaf = CertificatePin.of(hub.chain().get(0));

    assertRefused(
        Tls.dial(TLS13, HOST, Tls.context(NO_KEYS, leaf.trustManager(Pki.CLOCK)), showing(hub)),
        "is no CA");
  }

  @Test
  void pinRefusesTheAuthorityItselfAsServer() {
    KeyPair keys = Keys.newP256(Pki.RANDOM);
    X509Certificate ca =
        Pki.template("CN=" + HOST, keys).authority().selfSigned(keys.getPrivate(), Pki.RANDOM);
    X509ExtendedTrustManager trust = CertificatePin.of(ca).trustManager(Pki.CLOCK);

    assertThatThrownBy(() -> trust.checkServerTrusted(new X509Certificate[] {ca}, "ECDHE_ECDSA"))
        .isInstanceOf(CertificateException.class)
        .hasMessageContaining("the peer's own certificate is a CA");
  }

  @Test
  void pinRefusesClients() {
    X509ExtendedTrustManager trust = authority.sha256().trustManager(Pki.CLOCK);
    X509Certificate[] chain = hub.chain().toArray(X509Certificate[]::new);

    assertThatThrownBy(() -> trust.checkClientTrusted(chain, "EC"))
        .isInstanceOf(CertificateException.class)
        .hasMessageContaining("stands for servers only");
    assertThat(trust.getAcceptedIssuers()).isEmpty();
  }

  @Test
  void systemClockJudgesUnlessAnotherIsGiven() {
    // The hub's certificate is of 2031: by the system's clock it is not valid.
    InstantSource system = InstantSource.system();
    CertificateAuthority present = CertificateAuthority.create(system, Pki.RANDOM, "Present CA");
    SSLContext client = Tls.context(NO_KEYS, present.sha256().trustManager());
    SSLContext server = showing(present.issueServer(List.of(HOST), HOUR));

    assertThat(shake(Tls.dial(TLS13, HOST, client, server))).isNull();
    assertThat(
            shake(
                Tls.dial(
                    TLS13,
                    HOST,
                    Tls.context(NO_KEYS, authority.sha256().trustManager()),
                    showing(hub))))
        .isNotNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void hubAndAgentAcceptEachOther(String protocol) throws Exception {
    AgentCredentials agent = Pki.agent(authority, Pki.PROD);

    Tls.Seen seen =
        Tls.dial(protocol, HOST, using(agent), showing(hub)).demandClientCertificate().shakeHands();

    assertThat(AgentSubject.of(seen.client()).named()).isEqualTo(Pki.PROD);
    assertThat(seen.server()).isEqualTo(hub.chain().get(0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void hubRefusesAClientWithoutCertificate(String protocol) {
    assertThat(
            shake(
                Tls.dial(protocol, HOST, pinning(authority), showing(hub))
                    .demandClientCertificate()))
        .isInstanceOf(SSLException.class);
  }

  @Test
  void hubRefusesTheAgentOfAnotherAuthorityOfTheSameName() {
    AgentCredentials foreign = Pki.agent(Pki.authority(), Pki.PROD);
    SSLContext client =
        Tls.context(foreign.keyManagers(), authority.sha256().trustManager(Pki.CLOCK));

    assertRefused(
        Tls.dial(TLS13, HOST, client, showing(hub)).demandClientCertificate(),
        "expected a valid chain of the CA " + authority.sha256());
  }

  @Test
  void hubRefusesAServerCertificateAsClient() {
    SSLContext client = Tls.context(hub.keyManagers(), authority.sha256().trustManager(Pki.CLOCK));

    assertRefused(
        Tls.dial(TLS13, HOST, client, showing(hub)).demandClientCertificate(),
        "not issued for client authentication");
  }

  @Test
  void hubRefusesAnExpiredAgent() {
    AgentCredentials agent = Pki.agent(authority, Pki.PROD);
    TrustManager tomorrow =
        new AnchoredTrust(
            authority.certificate(), Pki.later(Duration.ofHours(25)), AnchoredTrust.Purpose.CLIENT);

    assertRefused(
        Tls.dial(TLS13, HOST, using(agent), Tls.context(hub.keyManagers(), tomorrow))
            .demandClientCertificate(),
        "client certificate refused");
  }

  @Test
  void agentRefusesTheHubOfAnotherAuthority() {
    AgentCredentials agent = Pki.agent(authority, Pki.PROD);
    ServerCertificate other = Pki.authority().issueServer(List.of(HOST), HOUR);

    assertRefused(
        Tls.dial(TLS13, HOST, using(agent), showing(other)),
        "expected a valid chain of the CA " + authority.sha256());
  }

  @Test
  void agentRefusesAnotherHost() {
    AgentCredentials agent = Pki.agent(authority, Pki.PROD);

    assertRefused(Tls.dial(TLS13, "evil.example.com", using(agent), showing(hub)), "evil");
  }

  private static SSLContext pinning(CertificateAuthority authority) {
    return pinning(authority, Pki.CLOCK);
  }

  private static SSLContext pinning(CertificateAuthority authority, InstantSource clock) {
    return Tls.context(NO_KEYS, authority.sha256().trustManager(clock));
  }

  private static SSLContext showing(ServerCertificate certificate) {
    return Tls.context(certificate.keyManagers(), certificate.trustManagers());
  }

  private SSLContext showing(KeyEntry entry) {
    return Tls.context(new KeyManager[] {RotatingCertificate.of(entry)}, authority.trustManagers());
  }

  private static SSLContext using(AgentCredentials agent) {
    return Tls.context(agent.keyManagers(), agent.trustManagers(Pki.CLOCK));
  }

  private static SSLException shake(Tls tls) {
    try {
      tls.shakeHands();
      return null;
    } catch (SSLException e) {
      return e;
    }
  }

  private static void assertRefused(Tls tls, String because) {
    SSLException refusal = shake(tls);
    assertThat(refusal).isNotNull().hasStackTraceContaining(because);
    assertThat(causes(refusal)).anyMatch(CertificateException.class::isInstance);
  }

  private static List<Throwable> causes(Throwable thrown) {
    return Stream.iterate(thrown, t -> t != null, Throwable::getCause).toList();
  }
}
