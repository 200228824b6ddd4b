package dev.fairlead.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.api.InvalidException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CertificateAuthorityTest {

  private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
  private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
  private static final Duration DAY = Duration.ofHours(24);

  private final CertificateAuthority authority = Pki.authority();
  private final AgentKeys keys = AgentKeys.inMemory(Pki.RANDOM);

  @Test
  void authorityIsASelfSignedP256CaOfTenYearsForLeavesOnly() throws Exception {
    X509Certificate ca = authority.certificate();

    ca.verify(ca.getPublicKey());
    assertThat(((ECPublicKey) ca.getPublicKey()).getParams().getOrder().bitLength()).isEqualTo(256);
    assertThat(ca.getBasicConstraints()).isZero();
    assertThat(usages(ca)).containsExactlyInAnyOrder(5, 6);
    assertThat(ca.getExtensionValue("2.5.29.14")).isNotNull();
    assertThat(ca.getSubjectX500Principal().getName()).contains("CN=Test CA");
    assertThat(ca.getNotBefore().toInstant()).isEqualTo(Pki.NOW.minus(Duration.ofMinutes(5)));
    assertThat(ca.getNotAfter().toInstant())
        .isBetween(Instant.parse("2041-03-01T00:00:00Z"), Instant.parse("2041-03-06T00:00:00Z"));
    assertThat(authority.sha256()).isEqualTo(CertificatePin.of(ca));
    assertThat(authority.sha256().matches(ca)).isTrue();
  }

  @Test
  void agentCertificateIsMadeOutToTheSubjectGiven() throws Exception {
    KeyPair pair = keys.newKeyPair();

    AgentCertificate issued = authority.issueAgent(keys.csr(pair), Pki.PROD, DAY);

    X509Certificate leaf = issued.certificate();
    leaf.verify(authority.certificate().getPublicKey());
    assertThat(issued.chain()).containsExactly(leaf, authority.certificate());
    assertThat(leaf.getPublicKey()).isEqualTo(pair.getPublic());
    assertThat(leaf.getSubjectX500Principal().getName()).isEqualTo("CN=prod-eu");
    assertThat(leaf.getSubjectAlternativeNames())
        .containsExactly(List.of(6, "fairlead://prod-eu/a1"));
    assertThat(leaf.getExtendedKeyUsage()).containsExactly(CLIENT_AUTH);
    assertThat(usages(leaf)).containsExactly(0);
    assertThat(leaf.getBasicConstraints()).isEqualTo(-1);
    assertThat(leaf.getCriticalExtensionOIDs()).contains("2.5.29.19", "2.5.29.15");
    assertThat(leaf.getNonCriticalExtensionOIDs()).contains("2.5.29.14", "2.5.29.35");
    assertThat(leaf.getNotBefore().toInstant()).isEqualTo(Pki.NOW.minus(Duration.ofMinutes(5)));
    assertThat(issued.notAfter()).isEqualTo(Pki.NOW.plus(DAY));
    assertThat(issued.subject())
        .isEqualTo(new AgentSubject(Pki.PROD.cluster(), "a1", issued.serial()));
  }

  @Test
  void serialNumbersArePositiveAndNeverTwice() {
    byte[] csr = keys.csr(keys.newKeyPair());
    Set<Object> serials = new HashSet<>();
    for (int i = 0; i < 50; i++) {
      AgentCertificate issued = authority.issueAgent(csr, Pki.PROD, DAY);
      assertThat(issued.serial()).isPositive();
      assertThat(issued.serial().bitLength()).isLessThanOrEqualTo(128);
      serials.add(issued.serial());
    }

    assertThat(serials).hasSize(50);
  }

  @Test
  void whatTheRequestAsksForIsIgnored() throws Exception {
    KeyPair pair = keys.newKeyPair();
    ExtensionsGenerator asked = new ExtensionsGenerator();
    asked.addExtension(Extension.basicConstraints, true, new BasicConstraints(3));
    asked.addExtension(
        Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
    asked.addExtension(
        Extension.extendedKeyUsage,
        false,
        new ExtendedKeyUsage(
            new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.anyExtendedKeyUsage}));
    asked.addExtension(
        Extension.subjectAlternativeName,
        false,
        new GeneralNames(
            new GeneralName[] {
              new GeneralName(GeneralName.uniformResourceIdentifier, "fairlead://other/a9"),
              new GeneralName(GeneralName.dNSName, "hub.example.com")
            }));
    byte[] csr =
        new JcaPKCS10CertificationRequestBuilder(
                new X500Name("CN=other,O=system:masters"), pair.getPublic())
            .addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, asked.generate())
            .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()))
            .getEncoded();

    X509Certificate leaf = authority.issueAgent(csr, Pki.PROD, DAY).certificate();

    assertThat(leaf.getBasicConstraints()).isEqualTo(-1);
    assertThat(usages(leaf)).containsExactly(0);
    assertThat(leaf.getExtendedKeyUsage()).containsExactly(CLIENT_AUTH);
    assertThat(leaf.getSubjectX500Principal().getName()).isEqualTo("CN=prod-eu");
    assertThat(leaf.getSubjectAlternativeNames())
        .containsExactly(List.of(6, "fairlead://prod-eu/a1"));
  }

  @ParameterizedTest
  @CsvSource({
    "EC, secp256r1, SHA256withECDSA",
    "EC, secp384r1, SHA384withECDSA",
    "RSA, 2048, SHA256withRSA",
    "RSA, 3072, SHA512withRSA"
  })
  void soundKeysAreAccepted(String algorithm, String size, String signature) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    if (algorithm.equals("EC")) {
      generator.initialize(new ECGenParameterSpec(size));
    } else {
      generator.initialize(Integer.parseInt(size));
    }
    KeyPair pair = generator.generateKeyPair();
    byte[] csr =
        new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=x"), pair.getPublic())
            .build(new JcaContentSignerBuilder(signature).build(pair.getPrivate()))
            .getEncoded();

    AgentCertificate issued = authority.issueAgent(csr, Pki.PROD, DAY);

    AgentCredentials credentials =
        AgentCredentials.decode(pair.getPrivate(), issued.encodedChain());
    AgentKeys kept = AgentKeys.inMemory(Pki.RANDOM);
    kept.save(credentials);
    assertThat(kept.load()).contains(credentials);
    assertThat(issued.certificate().getPublicKey()).isEqualTo(pair.getPublic());
  }

  @Test
  void noCertificateOutlivesItsAuthority() {
    byte[] csr = keys.csr(keys.newKeyPair());
    Instant end = authority.certificate().getNotAfter().toInstant();

    assertThat(authority.issueAgent(csr, Pki.PROD, Duration.ofDays(9000)).notAfter())
        .isEqualTo(end);
    assertThat(authority.issueServer(List.of("localhost"), Duration.ofSeconds(Long.MAX_VALUE)))
        .extracting(ServerCertificate::notAfter)
        .isEqualTo(end);
  }

  @Test
  void anExpiredAuthorityIssuesNothing() {
    Instant[] now = {Pki.NOW};
    CertificateAuthority old = CertificateAuthority.create(() -> now[0], Pki.RANDOM, "Old CA");
    now[0] = Pki.NOW.plus(CertificateAuthority.LIFE);
    byte[] csr = keys.csr(keys.newKeyPair());

    assertThatThrownBy(() -> old.issueAgent(csr, Pki.PROD, DAY))
        .isInstanceOfSatisfying(
            PkiException.class, e -> assertThat(e.code()).isEqualTo(PkiException.Code.EXPIRED))
        .hasMessageContaining("cannot issue at");
    assertThatThrownBy(() -> old.requireAcceptable(csr))
        .isInstanceOfSatisfying(
            PkiException.class, e -> assertThat(e.code()).isEqualTo(PkiException.Code.EXPIRED));
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT-1H", "PT0.5S"})
  void aLifeOfNothingIsRefused(String life) {
    byte[] csr = keys.csr(keys.newKeyPair());

    assertThatThrownBy(() -> authority.issueAgent(csr, Pki.PROD, Duration.parse(life)))
        .isInstanceOf(InvalidException.class)
        .hasMessageContaining("expected: one second or more");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a\nb", "Ünicode"})
  void anUnprintableNameOfAnAuthorityIsRefused(String name) {
    assertThatThrownBy(() -> CertificateAuthority.create(Pki.CLOCK, Pki.RANDOM, name))
        .isInstanceOf(InvalidException.class)
        .hasMessageContaining("printable ASCII");
  }

  @Test
  void serverCertificateIsForServersUnderTheNamesGiven() throws Exception {
    ServerCertificate issued =
        authority.issueServer(
            List.of("hub.example.com", "*.hub.example.com", "localhost", "127.0.0.1", "::1"),
            Duration.ofDays(30));

    X509Certificate leaf = issued.chain().get(0);
    leaf.verify(authority.certificate().getPublicKey());
    assertThat(issued.chain()).containsExactly(leaf, authority.certificate());
    assertThat(leaf.getExtendedKeyUsage()).containsExactly(SERVER_AUTH);
    assertThat(usages(leaf)).containsExactly(0);
    assertThat(leaf.getBasicConstraints()).isEqualTo(-1);
    assertThat(leaf.getSubjectAlternativeNames().stream().map(List::copyOf).toList())
        .isEqualTo(
            List.of(
                List.of(2, "hub.example.com"),
                List.of(2, "*.hub.example.com"),
                List.of(2, "localhost"),
                List.of(7, "127.0.0.1"),
                List.of(7, "0:0:0:0:0:0:0:1")));
    assertThat(Keys.belongTogether(issued.privateKey(), leaf.getPublicKey())).isTrue();
    assertThat(issued.notAfter()).isEqualTo(Pki.NOW.plus(Duration.ofDays(30)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "a..b",
        "-a.example",
        "a-.example",
        "Hub.example",
        "hub_1",
        "hub.example.",
        "256.1.1.1",
        "1.2.3",
        "1.2.3.4.5",
        "01.2.3.4",
        "1.2.3.4.",
        "*",
        "*.com",
        "a.*.com",
        "fe80::1%eth0",
        "[::1]",
        "1::2::3",
        "12345::",
        "hub:443",
        "hub example",
        "hub\n",
        "bücher.example",
        "0x7f.1"
      })
  void whatIsNoHostNameIsRefused(String name) {
    assertThatThrownBy(() -> authority.issueServer(List.of("ok.example", name), DAY))
        .isInstanceOf(InvalidException.class)
        .hasMessageContaining("expected: a lower-case DNS name, an IPv4 or an IPv6 address");
  }

  @Test
  void aServerWithoutNamesIsRefused() {
    assertThatThrownBy(() -> authority.issueServer(List.of(), DAY))
        .isInstanceOf(InvalidException.class)
        .hasMessageContaining("expected: 1-100");
  }

  @Test
  void nothingPrintedShowsAPrivateKey() {
    ServerCertificate server = authority.issueServer(List.of("localhost"), DAY);
    AgentCredentials agent = Pki.agent(authority, Pki.PROD);

    for (Object printed :
        List.of(authority, server, agent, server.keyManagers()[0], agent.keyManagers()[0])) {
      assertThat(printed.toString())
          .matches("\\w+\\[.*]")
          .doesNotContainIgnoringCase("private")
          .hasSizeLessThan(250);
    }
  }

  private static List<Integer> usages(X509Certificate certificate) {
    boolean[] bits = certificate.getKeyUsage();
    return IntStream.range(0, bits.length).filter(i -> bits[i]).boxed().toList();
  }
}
