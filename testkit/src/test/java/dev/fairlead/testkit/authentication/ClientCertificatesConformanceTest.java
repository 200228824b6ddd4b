package dev.fairlead.testkit.authentication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.api.Identity;
import dev.fairlead.api.InvalidException;
import dev.fairlead.api.auth.Authentication.Authenticated;
import dev.fairlead.api.auth.Authenticator;
import dev.fairlead.api.auth.ClientCertificate;
import dev.fairlead.api.auth.Credential;
import dev.fairlead.core.authentication.ClientCertificates;
import dev.fairlead.testkit.ManualTime;
import dev.fairlead.testkit.TestAuthority;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.X509KeyManager;
import org.junit.jupiter.api.Test;

class ClientCertificatesConformanceTest extends AuthenticatorConformance {

  private static final Duration LIFE = Duration.ofHours(1);

  private final ManualTime time = ManualTime.at(Instant.now());
  private final TestAuthority authority = TestAuthority.create();
  private final Credential good = issued("jane,O=dev,O=ops", Duration.ZERO);

  private final List<Credential> bad =
      List.of(
          forged(),
          issued("jane,O=system:masters", Duration.ZERO),
          issued("system:admin", Duration.ZERO),
          issued("jane,CN=joe", Duration.ZERO),
          issued("jane", LIFE.negated()),
          issued("jane", LIFE),
          new ClientCertificate(List.of(authority.certificate())));

  private Credential issued(String subject, Duration later) {
    Instant begin = time.instant().minusSeconds(1).plus(later);
    X509KeyManager key =
        (X509KeyManager)
            authority.issue(subject, begin, begin.plus(LIFE), authority).keyManagers().get(0);
    return new ClientCertificate(List.of(key.getCertificateChain("key")));
  }

  /** One with the right issuer's name and another key's signature. */
  private Credential forged() {
    X509Certificate own = ((ClientCertificate) good).own();
    return new ClientCertificate(Stream.of(own).map(Forged::of).toList());
  }

  @Override
  protected Authenticator create() {
    return ClientCertificates.issuedBy(List.of(authority.certificate())).at(time);
  }

  @Override
  protected Credential good() {
    return good;
  }

  @Override
  protected Identity identity() {
    return Identity.user("jane").inGroups("dev", "ops");
  }

  @Override
  protected List<Credential> bad() {
    return bad;
  }

  @Override
  protected boolean expire() {
    time.advance(LIFE);
    return true;
  }

  @Test
  void behindAPrefixReservedNamesAreOrdinaryOnes() {
    Authenticator prefixed =
        ClientCertificates.issuedBy(List.of(authority.certificate())).prefixedBy("cert:").at(time);
    Authenticated found =
        (Authenticated)
            prefixed
                .authenticate(issued("jane,O=system:masters", Duration.ZERO))
                .toCompletableFuture()
                .join();
    assertThat(found.identity())
        .isEqualTo(Identity.user("cert:jane").inGroups("cert:system:masters"));
  }

  @Test
  void settingsThatCannotBeMeantAreRefused() {
    X509Certificate own = ((ClientCertificate) good).own();
    assertThatThrownBy(() -> ClientCertificates.issuedBy(List.of()))
        .isInstanceOf(InvalidException.class);
    assertThatThrownBy(() -> ClientCertificates.issuedBy(List.of(own)))
        .isInstanceOf(InvalidException.class);
    assertThatThrownBy(
            () ->
                ClientCertificates.issuedBy(List.of(authority.certificate())).prefixedBy("system:"))
        .isInstanceOf(InvalidException.class);
  }
}
