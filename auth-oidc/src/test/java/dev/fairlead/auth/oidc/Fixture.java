package dev.fairlead.auth.oidc;

import dev.fairlead.api.auth.Authentication;
import dev.fairlead.api.auth.Authentication.Authenticated;
import dev.fairlead.api.auth.Authentication.Rejected;
import dev.fairlead.api.auth.BearerToken;
import dev.fairlead.testkit.ManualTime;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** An issuer and an authenticator that trusts it. */
final class Fixture implements AutoCloseable {

  static final TestKey RSA = TestKey.of("rsa-1", SignatureAlgorithm.RS256);
  static final TestKey EC = TestKey.of("ec-1", SignatureAlgorithm.ES256);

  final ManualTime time = ManualTime.create();
  final TestIssuer issuer = new TestIssuer(RSA, EC);
  final OidcAuthenticator authenticator;

  Fixture() {
    this(settings -> settings);
  }

  Fixture(UnaryOperator<OidcIssuer> settings) {
    this(settings, Duration.ofSeconds(10));
  }

  Fixture(UnaryOperator<OidcIssuer> settings, Duration timeout) {
    authenticator =
        OidcAuthenticator.builder()
            .issuer(settings.apply(OidcAuthenticator.issuer(issuer.url()).audience("fairlead")))
            .time(time)
            .timeout(timeout)
            .build();
  }

  /** Claims of a good token. */
  Map<String, Object> claims() {
    return issuer.claims(time.instant());
  }

  CompletableFuture<Authentication> ask(String token) {
    return authenticator.authenticate(BearerToken.of(token)).toCompletableFuture();
  }

  Authentication present(String token) {
    return ask(token).orTimeout(30, TimeUnit.SECONDS).join();
  }

  Authentication present(Map<String, Object> claims) {
    return present(RSA.sign(claims));
  }

  Authenticated good(Map<String, Object> claims) {
    return (Authenticated) present(claims);
  }

  /** Why a token is refused. */
  String refused(Map<String, Object> claims) {
    return refused(RSA.sign(claims));
  }

  String refused(String token) {
    return ((Rejected) present(token)).reason();
  }

  @Override
  public void close() {
    authenticator.close();
    issuer.close();
  }
}
