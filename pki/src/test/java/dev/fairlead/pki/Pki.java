package dev.fairlead.pki;

import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;

/** What the tests of this package begin with. The time is not the present one, on purpose. */
final class Pki {

  static final SecureRandom RANDOM = new SecureRandom();
  static final Instant NOW = Instant.parse("2031-03-04T05:06:07Z");
  static final InstantSource CLOCK = InstantSource.fixed(NOW);
  static final ClusterSubject PROD = ClusterSubject.of("prod-eu", "a1");

  private Pki() {}

  static CertificateAuthority authority() {
    return CertificateAuthority.create(CLOCK, RANDOM, "Test CA");
  }

  static InstantSource later(Duration by) {
    return InstantSource.fixed(NOW.plus(by));
  }

  static AgentCredentials agent(CertificateAuthority authority, ClusterSubject subject) {
    AgentKeys keys = AgentKeys.inMemory(RANDOM);
    KeyPair pair = keys.newKeyPair();
    AgentCertificate issued =
        authority.issueAgent(keys.csr(pair), subject, CertificateAuthority.AGENT_LIFE);
    return AgentCredentials.decode(pair.getPrivate(), issued.encodedChain());
  }

  /** A certificate no authority here would issue, signed by a throw-away one. */
  static X509Certificate forged(String subject, GeneralNames names) {
    KeyPair keys = Keys.newP256(RANDOM);
    return template(subject, keys)
        .leaf(names, KeyPurposeId.id_kp_clientAuth)
        .signedBy(selfSignedServer("CN=forger", "localhost"), RANDOM);
  }

  static KeyEntry selfSignedServer(String subject, String host) {
    KeyPair keys = Keys.newP256(RANDOM);
    X509Certificate certificate =
        template(subject, keys)
            .leaf(HostNames.of(List.of(host)), KeyPurposeId.id_kp_serverAuth)
            .selfSigned(keys.getPrivate(), RANDOM);
    return new KeyEntry(keys.getPrivate(), List.of(certificate));
  }

  static CertificateTemplate template(String subject, KeyPair keys) {
    return new CertificateTemplate(
        new X500Name(subject),
        keys.getPublic(),
        NOW.minus(Duration.ofHours(1)),
        NOW.plus(Duration.ofHours(1)));
  }
}
