package dev.fairlead.core.authentication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.api.Identity;
import dev.fairlead.api.auth.Authentication;
import dev.fairlead.api.auth.Authentication.Authenticated;
import dev.fairlead.api.auth.Authentication.Rejected;
import dev.fairlead.api.auth.BearerToken;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AnswerCacheTest {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final BearerToken TOKEN = BearerToken.of("token");

  private Instant now = START;
  private final AnswerCache cache = new AnswerCache(3, () -> now);
  private final AtomicInteger asked = new AtomicInteger();

  private static Authenticated good(@Nullable Instant expiresAt) {
    return new Authenticated(Identity.user("jane"), "id", expiresAt);
  }

  private Authentication answer(BearerToken token, Authentication answer) {
    return cache
        .answer(
            token,
            MINUTE,
            () -> {
              asked.incrementAndGet();
              return CompletableFuture.completedFuture(answer);
            })
        .toCompletableFuture()
        .join();
  }

  @Test
  void goodAnswerIsUsedAgainForAsLongAsAllowed() {
    answer(TOKEN, good(null));
    now = START.plusSeconds(59);
    assertThat(answer(TOKEN, new Rejected("no"))).isEqualTo(good(null));
    now = START.plusSeconds(60);
    assertThat(answer(TOKEN, new Rejected("no"))).isEqualTo(new Rejected("no"));
    assertThat(asked).hasValue(2);
  }

  @Test
  void noAnswerOutlivesItsCredential() {
    answer(TOKEN, good(START.plusSeconds(10)));
    now = START.plusSeconds(9);
    answer(TOKEN, new Rejected("expired"));
    assertThat(asked).hasValue(1);
    now = START.plusSeconds(10);
    assertThat(answer(TOKEN, new Rejected("expired"))).isInstanceOf(Rejected.class);
  }

  @Test
  void clockThatIsSetBackKeepsNothing() {
    answer(TOKEN, good(null));
    now = START.minusSeconds(3_600);
    answer(TOKEN, good(null));
    assertThat(asked).hasValue(2);
  }

  @Test
  void badAnswersAndFailuresAreNotKept() {
    answer(TOKEN, new Rejected("no"));
    assertThat(cache.answer(TOKEN, MINUTE, () -> CompletableFuture.failedFuture(new Error("x"))))
        .isCompletedExceptionally();
    assertThat(answer(TOKEN, good(null))).isEqualTo(good(null));
    assertThat(cache.size()).isEqualTo(1);
  }

  @Test
  void tokensAreKeptApart() {
    answer(TOKEN, good(null));
    assertThat(answer(BearerToken.of("other"), new Rejected("no"))).isInstanceOf(Rejected.class);
  }

  @Test
  void leastUsedAnswerGivesWay() {
    for (String text : new String[] {"a", "b", "c"}) {
      answer(BearerToken.of(text), good(null));
    }
    answer(BearerToken.of("a"), good(null));
    answer(BearerToken.of("d"), good(null));
    assertThat(cache.size()).isEqualTo(3);
    assertThat(asked).hasValue(4);
    answer(BearerToken.of("a"), good(null));
    assertThat(asked).hasValue(4);
    answer(BearerToken.of("b"), good(null));
    assertThat(asked).hasValue(5);
  }

  @Test
  void madeUpTokensPushNothingOut() {
    answer(TOKEN, good(null));
    for (int i = 0; i < 100; i++) {
      answer(BearerToken.of("made-up-" + i), new Rejected("no"));
    }
    asked.set(0);
    answer(TOKEN, good(null));
    assertThat(asked).hasValue(0);
  }

  @Test
  void whoComesMeanwhileWaitsForTheSameAnswer() {
    CompletableFuture<Authentication> slow = new CompletableFuture<>();
    CompletionStage<Authentication> first = cache.answer(TOKEN, MINUTE, () -> slow);
    CompletionStage<Authentication> second =
        cache.answer(
            TOKEN,
            MINUTE,
            () -> {
              throw new AssertionError("asked twice");
            });
    slow.complete(good(null));
    assertThat(first.toCompletableFuture()).isCompletedWithValue(good(null));
    assertThat(second.toCompletableFuture()).isCompletedWithValue(good(null));
  }

  @Test
  void oneCallerCannotAnswerForAnother() {
    CompletableFuture<Authentication> slow = new CompletableFuture<>();
    CompletionStage<Authentication> first = cache.answer(TOKEN, MINUTE, () -> slow);
    CompletionStage<Authentication> second = cache.answer(TOKEN, MINUTE, () -> slow);
    first.toCompletableFuture().complete(good(null));
    assertThat(second.toCompletableFuture()).isNotDone();
  }

  @Test
  void forgottenCredentialIsAskedAboutAgain() {
    answer(TOKEN, good(null));
    cache.forget("another");
    answer(TOKEN, good(null));
    assertThat(asked).hasValue(1);
    cache.forget("id");
    assertThat(answer(TOKEN, new Rejected("revoked"))).isInstanceOf(Rejected.class);
  }

  @Test
  void answerThatWasOnItsWayWhenItWasForgottenIsNotKept() {
    CompletableFuture<Authentication> slow = new CompletableFuture<>();
    cache.answer(TOKEN, MINUTE, () -> slow);
    cache.forget("id");
    slow.complete(good(null));
    assertThat(answer(TOKEN, new Rejected("revoked"))).isInstanceOf(Rejected.class);
  }
}
