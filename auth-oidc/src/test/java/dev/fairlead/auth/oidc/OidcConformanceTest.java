package dev.fairlead.auth.oidc;

import dev.fairlead.api.Identity;
import dev.fairlead.api.auth.Authenticator;
import dev.fairlead.api.auth.BearerToken;
import dev.fairlead.api.auth.Credential;
import dev.fairlead.testkit.authentication.AuthenticatorConformance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;

class OidcConformanceTest extends AuthenticatorConformance {

  private final Fixture fixture = new Fixture(issuer -> issuer.groups(Claim.of("groups")));
  private final CountDownLatch stalled = new CountDownLatch(1);
  private final Credential good = token(claims());

  private Map<String, Object> claims() {
    Map<String, Object> claims = fixture.claims();
    claims.put("groups", List.of("dev"));
    return claims;
  }

  private static Credential token(Map<String, Object> claims) {
    return BearerToken.of(Fixture.RSA.sign(claims));
  }

  @AfterEach
  void closeIssuer() {
    fixture.close();
  }

  @Override
  protected Authenticator create() {
    return fixture.authenticator;
  }

  @Override
  protected Credential good() {
    return good;
  }

  @Override
  protected Identity identity() {
    return Identity.user("alice").inGroups("dev");
  }

  @Override
  protected List<Credential> bad() {
    List<Credential> bad = new ArrayList<>();
    for (Map.Entry<String, Object> wrong :
        Map.<String, Object>of("aud", "other", "exp", 1, "nbf", 9e9, "sub", "system:admin")
            .entrySet()) {
      Map<String, Object> claims = claims();
      claims.put(wrong.getKey(), wrong.getValue());
      bad.add(token(claims));
    }
    TestKey unknown = TestKey.of("unknown", SignatureAlgorithm.ES256);
    bad.add(BearerToken.of(unknown.sign(claims())));
    bad.add(BearerToken.of(unknown.sign(Fixture.EC.header(), claims())));
    return bad;
  }

  @Override
  protected boolean stall() {
    fixture.issuer.at(
        TestIssuer.JWKS,
        request -> {
          try {
            stalled.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          TestIssuer.send(request, 200, fixture.issuer.jwks());
        });
    return true;
  }

  @Override
  protected void resume() {
    stalled.countDown();
  }

  @Override
  protected boolean expire() {
    fixture.time.advance(Duration.ofSeconds(330));
    return true;
  }
}
