package dev.fairlead.auth.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.fairlead.api.Identity;
import dev.fairlead.api.InvalidException;
import dev.fairlead.api.auth.Authentication;
import dev.fairlead.api.auth.Authentication.Authenticated;
import dev.fairlead.api.auth.Authentication.Rejected;
import dev.fairlead.api.auth.Authentication.Unknown;
import dev.fairlead.api.auth.Authenticator;
import dev.fairlead.api.auth.BearerToken;
import dev.fairlead.api.auth.Credential;
import dev.fairlead.testkit.ManualTime;
import dev.fairlead.testkit.authentication.AuthenticatorConformance;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TokenIntrospectionTest extends AuthenticatorConformance {

  private static final String SECRET = "s3cr3t of the hub";
  private static final BearerToken GOOD = BearerToken.of("opaque-0123456789abcdef");

  private final ManualTime time = ManualTime.create();
  private final TestIssuer issuer = new TestIssuer(Fixture.RSA);
  private final Map<String, Map<String, Object>> active = new ConcurrentHashMap<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private volatile CountDownLatch gate = new CountDownLatch(0);

  TokenIntrospectionTest() {
    issuer.at(
        TestIssuer.DISCOVERY,
        TestIssuer.json(
            () ->
                JSONObjectUtils.toJSONString(
                    Map.of(
                        "issuer",
                        issuer.url(),
                        "introspection_endpoint",
                        issuer.url() + "/introspect"))));
    issuer.at(
        "/introspect",
        request -> {
          String body = new String(request.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          String token = body.substring(body.indexOf("&token=") + 7);
          asked.add(token);
          try {
            gate.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          boolean allowed =
              "Basic aHViOnMzY3IzdCtvZit0aGUraHVi"
                  .equals(request.getRequestHeaders().getFirst("authorization"));
          Map<String, Object> said = active.getOrDefault(token, Map.of("active", false));
          TestIssuer.send(request, allowed ? 200 : 401, JSONObjectUtils.toJSONString(said));
        });
    activate(GOOD.reveal(), Map.of());
  }

  private void activate(String token, Map<String, Object> different) {
    Map<String, Object> claims = issuer.claims(time.instant());
    claims.put("active", true);
    claims.putAll(different);
    active.put(token, claims);
  }

  @AfterEach
  void closeIssuer() {
    issuer.close();
  }

  @Override
  protected Authenticator create() {
    return TokenIntrospection.of(OidcIssuer.of(issuer.url()).audience("fairlead"))
        .client("hub", SECRET)
        .tokensLike("opaque-[0-9a-f-]+")
        .timeout(Duration.ofSeconds(10))
        .time(time)
        .build();
  }

  @Override
  protected Credential good() {
    return GOOD;
  }

  @Override
  protected Identity identity() {
    return Identity.user("alice");
  }

  @Override
  protected List<Credential> bad() {
    activate("opaque-1", Map.of("aud", "other"));
    activate("opaque-2", Map.of("exp", 1));
    activate("opaque-3", Map.of("sub", "system:admin"));
    activate("opaque-4", Map.of("active", "true"));
    activate("opaque-5", Map.of("iss", "https://id.example.com"));
    List<Credential> bad = new ArrayList<>();
    for (int i = 0; i <= 5; i++) {
      bad.add(BearerToken.of("opaque-" + i));
    }
    bad.add(BearerToken.of(Fixture.RSA.sign(issuer.claims(time.instant()))));
    return bad;
  }

  @Override
  protected boolean stall() {
    gate = new CountDownLatch(1);
    return true;
  }

  @Override
  protected void resume() {
    gate.countDown();
  }

  @Override
  protected boolean expire() {
    time.advance(Duration.ofSeconds(330));
    return true;
  }

  private Authentication present(String token) {
    Authenticator authenticator = create();
    try (authenticator) {
      return authenticator.authenticate(BearerToken.of(token)).toCompletableFuture().join();
    }
  }

  @Test
  void onlyItsOwnTokensAreSentToTheIssuer() {
    Map<String, Object> claims = issuer.claims(time.instant());
    claims.put("iss", "https://id.example.com");
    for (String other : new String[] {"flu_0123456789abcdef_x", Fixture.RSA.sign(claims), "x"}) {
      assertThat(present(other)).isInstanceOf(Unknown.class);
    }
    assertThat(issuer.requests).isEmpty();
  }

  @Test
  void tokenThatWasRevokedIsNoticed() {
    assertThat(present(GOOD.reveal())).isInstanceOf(Authenticated.class);
    active.clear();
    assertThat(present(GOOD.reveal())).isInstanceOf(Rejected.class);
    assertThat(asked).hasSize(2);
  }

  @Test
  void issuerThatIsDownLetsNobodyInAndIsAskedAgain() {
    Authenticator authenticator = create();
    try (authenticator) {
      issuer.stop();
      assertThatThrownBy(() -> authenticator.authenticate(GOOD).toCompletableFuture().join())
          .hasMessageContaining(issuer.url());
      issuer.startAgain();
      assertThat(authenticator.authenticate(GOOD).toCompletableFuture().join())
          .isInstanceOf(Authenticated.class);
    }
  }

  @Test
  void noMoreThanAHundredAreAskedAboutAtOnce() {
    stall();
    Authenticator authenticator = create();
    try (authenticator) {
      List<CompletableFuture<Authentication>> waiting = new ArrayList<>();
      for (int i = 0; i < 101; i++) {
        waiting.add(authenticator.authenticate(GOOD).toCompletableFuture());
      }
      assertThat(waiting.get(99)).isNotDone();
      assertThat(waiting.get(100)).isCompletedExceptionally();
      resume();
      assertThat(waiting.get(0).join()).isInstanceOf(Authenticated.class);
    }
  }

  @Test
  void wrongSecretIsAFailureThatDoesNotShowIt() {
    Authenticator authenticator =
        TokenIntrospection.of(OidcIssuer.of(issuer.url()).audience("fairlead"))
            .client("hub", "another-secret")
            .tokensLike("opaque-.*")
            .time(time)
            .build();
    try (authenticator) {
      assertThat(authenticator.toString()).doesNotContain("another-secret");
      assertThatThrownBy(() -> authenticator.authenticate(GOOD).toCompletableFuture().join())
          .hasMessageContaining("401")
          .hasMessageNotContaining("another-secret")
          .hasMessageNotContaining(GOOD.reveal());
    }
  }

  @Test
  void everyMistakeIsReportedAtOnce() {
    assertThatThrownBy(
            () ->
                TokenIntrospection.of(OidcIssuer.of("http://id.example.com"))
                    .tokensLike("(")
                    .reusableFor(Duration.ofHours(1))
                    .build())
        .isInstanceOf(InvalidException.class)
        .hasMessageContaining("issuer http://id.example.com")
        .hasMessageContaining("audience: none")
        .hasMessageContaining("client: no id or no secret")
        .hasMessageContaining("tokensLike: ")
        .hasMessageContaining("reusableFor: PT1H");
  }
}
