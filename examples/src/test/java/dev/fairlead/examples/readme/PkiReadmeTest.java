package dev.fairlead.examples.readme;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.api.ClusterName;
import dev.fairlead.pki.AgentCertificate;
import dev.fairlead.pki.AgentKeys;
import dev.fairlead.pki.CertificateAuthority;
import dev.fairlead.pki.ClusterSubject;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PkiReadmeTest {

  @Test
  void authorityIssuesAgentCertificate(@TempDir Path directory) {
    CertificateAuthority authority =
        CertificateAuthority.loadOrCreate(
            directory.resolve("ca"), InstantSource.system(), new SecureRandom());
    AgentKeys keys = AgentKeys.open(directory.resolve("agent"), new SecureRandom());
    KeyPair pair = keys.newKeyPair();
    AgentCertificate issued =
        authority.issueAgent(
            keys.csr(pair),
            new ClusterSubject(ClusterName.of("dev"), "0123456789abcdef"),
            CertificateAuthority.AGENT_LIFE);
    assertThat(issued.notAfter())
        .isBetween(Instant.now(), Instant.now().plus(CertificateAuthority.AGENT_LIFE));
  }
}
