package dev.fairlead.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.InvalidException;
import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AgentSubjectTest {

  private static final String OURS = "fairlead://prod-eu/a1";

  @Test
  void subjectIsReadBackAsItWasIssued() {
    AgentCredentials agent =
        Pki.agent(Pki.authority(), ClusterSubject.of("prod-eu", "agent-0.pod"));

    AgentSubject subject = AgentSubject.of(agent.certificate());

    assertThat(subject)
        .isEqualTo(
            new AgentSubject(
                ClusterName.of("prod-eu"), "agent-0.pod", agent.certificate().getSerialNumber()));
    assertThat(subject.named()).isEqualTo(ClusterSubject.of("prod-eu", "agent-0.pod"));
    assertThat(subject).isEqualTo(agent.subject());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CN=other",
        "CN=PROD-EU",
        "CN=prod-eu\\ ",
        "CN=prod-eu,O=system:masters",
        "CN=prod-eu,CN=other",
        "CN=prod-eu+CN=other",
        "O=prod-eu"
      })
  void anotherCommonNameIsRefused(String subject) {
    assertRefused(Pki.forged(subject, uris(OURS)), "expected: CN=prod-eu");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "fairlead://prod-eu",
        "fairlead://prod-eu/",
        "fairlead:///a1",
        "fairlead://prod-eu/a1/b",
        "fairlead://prod-eu//a1",
        "fairlead://prod-eu/a1?x",
        "fairlead://prod-eu/a1#x",
        "fairlead://prod-eu:1/a1",
        "fairlead://u@prod-eu/a1",
        "fairlead://prod-eu/%61",
        "fairlead://prod-eu/..",
        "fairlead://prod-eu/A1",
        "FAIRLEAD://prod-eu/a1",
        "https://prod-eu/a1",
        "urn:prod-eu:a1",
        "fairlead://prod-eu/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
      })
  void aUriOfAnotherFormIsRefused(String uri) {
    assertRefused(Pki.forged("CN=prod-eu", uris(uri)), "agent certificate: ");
  }

  @Test
  void moreThanOneNameIsRefused() {
    GeneralName dns = new GeneralName(GeneralName.dNSName, "prod-eu");
    GeneralName uri = new GeneralName(GeneralName.uniformResourceIdentifier, OURS);

    assertRefused(
        Pki.forged("CN=prod-eu", uris(OURS, "fairlead://prod-eu/a2")),
        "2 subject alternative names (expected: exactly one");
    assertRefused(
        Pki.forged("CN=prod-eu", new GeneralNames(new GeneralName[] {uri, dns})),
        "2 subject alternative names");
    assertRefused(Pki.forged("CN=prod-eu", new GeneralNames(dns)), "is no URI");
  }

  @Test
  void aCertificateWithoutAlternativeNamesIsRefused() {
    assertRefused(Pki.authority().certificate(), "0 subject alternative names");
  }

  @Test
  void theHubsOwnCertificateIsNoAgents() {
    assertRefused(
        Pki.authority().issueServer(List.of("localhost"), Duration.ofHours(1)).chain().get(0),
        "is no URI");
  }

  @ParameterizedTest
  @CsvSource({
    "'', a1",
    "A, a1",
    "a., a1",
    "-a, a1",
    "a/b, a1",
    "prod-eu, ''",
    "prod-eu, A",
    "prod-eu, .",
    "prod-eu, ..",
    "prod-eu, a/b",
    "prod-eu, 'a,O=b'",
    "'prod,O=x', a1",
    "prod-eu, -a",
    "prod-eu, a-"
  })
  void subjectsThatCouldMeanSomethingElseCannotBeMade(String cluster, String agentId) {
    assertThatThrownBy(() -> ClusterSubject.of(cluster, agentId))
        .isInstanceOf(InvalidException.class)
        .hasMessageContaining("expected: 1-63 of a-z, 0-9");
  }

  @Test
  void aSerialNumberIsPositive() {
    assertThatThrownBy(() -> new AgentSubject(ClusterName.of("a"), "b", BigInteger.ZERO))
        .isInstanceOf(InvalidException.class);
  }

  private static GeneralNames uris(String... uris) {
    return new GeneralNames(
        Stream.of(uris)
            .map(uri -> new GeneralName(GeneralName.uniformResourceIdentifier, uri))
            .toArray(GeneralName[]::new));
  }

  private static void assertRefused(X509Certificate certificate, String because) {
    assertThatThrownBy(() -> AgentSubject.of(certificate))
        .isInstanceOfSatisfying(
            PkiException.class,
            e -> assertThat(e.code()).isEqualTo(PkiException.Code.CERTIFICATE_REFUSED))
        .hasMessageContaining(because);
  }
}
