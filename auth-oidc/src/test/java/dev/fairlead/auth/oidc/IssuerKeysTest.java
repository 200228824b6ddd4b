package dev.fairlead.auth.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.api.auth.Authentication;
import dev.fairlead.api.auth.Authentication.Authenticated;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When keys are fetched, and how long they are used. */
class IssuerKeysTest {

  private static final TestKey NEXT = TestKey.of("rsa-2", SignatureAlgorithm.RS256);

  private final Fixture fixture =
      new Fixture(issuer -> issuer.keys(Duration.ofMinutes(5), Duration.ofHours(1)));

  @AfterEach
  void close() {
    fixture.close();
  }

  private Authentication presentNow() {
    return fixture.present(fixture.claims());
  }

  @Test
  void nothingIsFetchedBeforeItIsNeededAndThenOnce() {
    assertThat(fixture.issuer.requests).isEmpty();
    presentNow();
    presentNow();
    assertThat(fixture.issuer.requests).containsExactly(TestIssuer.DISCOVERY, TestIssuer.JWKS);
  }

  @Test
  void callReturnsWhileTheIssuerThinks() throws Exception {
    CountDownLatch slow = new CountDownLatch(1);
    fixture.issuer.at(
        TestIssuer.JWKS,
        request -> {
          await(slow);
          TestIssuer.send(request, 200, fixture.issuer.jwks());
        });
    List<CompletableFuture<Authentication>> waiting = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      waiting.add(fixture.ask(Fixture.RSA.sign(fixture.claims())));
    }
    assertThat(waiting).noneMatch(CompletableFuture::isDone);
    slow.countDown();
    assertThat(waiting).allSatisfy(one -> assertThat(one.join()).isInstanceOf(Authenticated.class));
    assertThat(fixture.issuer.asked(TestIssuer.JWKS)).isEqualTo(1);
  }

  @Test
  void noMoreThanAThousandWait() {
    CountDownLatch slow = new CountDownLatch(1);
    fixture.issuer.at(TestIssuer.DISCOVERY, request -> await(slow));
    String token = Fixture.RSA.sign(fixture.claims());
    List<CompletableFuture<Authentication>> waiting = new ArrayList<>();
    for (int i = 0; i < 1_001; i++) {
      waiting.add(fixture.ask(token));
    }
    assertThat(waiting.get(999)).isNotDone();
    assertThat(waiting.get(1_000)).isCompletedExceptionally();
    slow.countDown();
  }

  @Test
  void newKeyIsTakenAtItsFirstToken() {
    presentNow();
    fixture.issuer.keys.add(0, NEXT);
    assertThat(fixture.present(NEXT.sign(fixture.claims()))).isInstanceOf(Authenticated.class);
    assertThat(presentNow()).isInstanceOf(Authenticated.class);
    assertThat(fixture.issuer.asked(TestIssuer.JWKS)).isEqualTo(2);
  }

  @Test
  void keysAreFetchedAgainInTheBackgroundBeforeTheyAreStale() throws Exception {
    presentNow();
    fixture.issuer.awaitJwksAsked();
    fixture.time.advance(Duration.ofSeconds(239));
    presentNow();
    assertThat(fixture.issuer.asked(TestIssuer.JWKS)).isEqualTo(1);

    CountDownLatch slow = new CountDownLatch(1);
    fixture.issuer.at(TestIssuer.DISCOVERY, request -> await(slow));
    fixture.time.advance(Duration.ofSeconds(1));
    assertThat(fixture.ask(Fixture.RSA.sign(fixture.claims()))).isCompleted();
    slow.countDown();
    fixture.issuer.at(
        TestIssuer.DISCOVERY,
        TestIssuer.json(
            () ->
                TestIssuer.discovery(
                    fixture.issuer.url(), fixture.issuer.url() + TestIssuer.JWKS)));
    fixture.time.advance(IssuerKeys.PAUSE);
    presentNow();
    fixture.issuer.awaitJwksAsked();
  }

  @Test
  void withdrawnKeyIsOfNoUseOnceTheKeysAreStale() {
    presentNow();
    fixture.issuer.keys.set(0, NEXT);
    fixture.time.advance(Duration.ofMinutes(5));
    assertThat(fixture.refused(fixture.claims())).contains("key id");
    assertThat(fixture.present(NEXT.sign(fixture.claims()))).isInstanceOf(Authenticated.class);
  }

  @Test
  void lastGoodKeysAreKeptWhileTheIssuerIsDownAndNoLonger() {
    presentNow();
    fixture.issuer.stop();
    fixture.time.advance(Duration.ofMinutes(5));
    assertThat(presentNow()).isInstanceOf(Authenticated.class);
    fixture.time.advance(Duration.ofMinutes(54));
    assertThat(presentNow()).isInstanceOf(Authenticated.class);
    fixture.time.advance(Duration.ofMinutes(1));
    assertThat(fixture.ask(Fixture.RSA.sign(fixture.claims())).handle((found, failure) -> failure))
        .succeedsWithin(Duration.ofSeconds(10))
        .isNotNull();

    fixture.issuer.startAgain();
    fixture.time.advance(IssuerKeys.PAUSE);
    assertThat(presentNow()).isInstanceOf(Authenticated.class);
  }

  @Test
  void whileTheIssuerIsDownOneRequestWaitsAndTheOthersDoNot() {
    presentNow();
    CountDownLatch slow = new CountDownLatch(1);
    fixture.issuer.stop();
    fixture.time.advance(Duration.ofMinutes(6));
    assertThat(presentNow()).isInstanceOf(Authenticated.class);
    fixture.issuer.at(TestIssuer.DISCOVERY, request -> await(slow));
    fixture.issuer.startAgain();
    fixture.time.advance(IssuerKeys.PAUSE);
    assertThat(fixture.ask(Fixture.RSA.sign(fixture.claims()))).isCompleted();
    slow.countDown();
  }

  @Test
  void issuerThatIsDownIsNotAskedAgainAtOnce() {
    fixture.issuer.at(TestIssuer.DISCOVERY, request -> TestIssuer.send(request, 503, "{}"));
    for (int i = 0; i < 100; i++) {
      assertThat(
              fixture.ask(Fixture.RSA.sign(fixture.claims())).handle((found, failure) -> failure))
          .succeedsWithin(Duration.ofSeconds(10))
          .isNotNull();
    }
    assertThat(fixture.issuer.asked(TestIssuer.DISCOVERY)).isEqualTo(1);
  }

  @Test
  void clockThatIsSetBackMakesKeysStaleRatherThanEternal() {
    try (TestIssuer issuer = new TestIssuer(Fixture.RSA)) {
      var now = new java.util.concurrent.atomic.AtomicReference<>(fixture.time.instant());
      try (OidcAuthenticator authenticator =
          OidcAuthenticator.builder()
              .issuer(OidcIssuer.of(issuer.url()).audience("fairlead"))
              .time(now::get)
              .build()) {
        for (int i = 1; i <= 2; i++) {
          authenticator
              .authenticate(
                  dev.fairlead.api.auth.BearerToken.of(Fixture.RSA.sign(issuer.claims(now.get()))))
              .toCompletableFuture()
              .join();
          assertThat(issuer.asked(TestIssuer.JWKS)).isEqualTo(i);
          now.updateAndGet(at -> at.minus(Duration.ofDays(1)));
        }
      }
    }
  }

  @Test
  void closingEndsWhatIsUnderWay() {
    CountDownLatch slow = new CountDownLatch(1);
    fixture.issuer.at(TestIssuer.DISCOVERY, request -> await(slow));
    CompletableFuture<Authentication> asked = fixture.ask(Fixture.RSA.sign(fixture.claims()));
    fixture.authenticator.close();
    fixture.authenticator.close();
    // Without the close, its patience of ten seconds would end it.
    assertThat(asked.handle((found, failure) -> failure))
        .succeedsWithin(Duration.ofSeconds(8))
        .isNotNull();
    slow.countDown();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
