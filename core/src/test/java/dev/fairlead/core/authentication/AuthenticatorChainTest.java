package dev.fairlead.core.authentication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.api.Identity;
import dev.fairlead.api.auth.Authentication;
import dev.fairlead.api.auth.Authentication.Authenticated;
import dev.fairlead.api.auth.Authentication.Rejected;
import dev.fairlead.api.auth.Authentication.Unknown;
import dev.fairlead.api.auth.Authenticator;
import dev.fairlead.api.auth.BearerToken;
import dev.fairlead.api.auth.Credential;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class AuthenticatorChainTest {

  private static final BearerToken TOKEN = BearerToken.of("secret");
  private static final Authenticated JANE = new Authenticated(Identity.user("jane"), "id", null);

  private final List<String> asked = new ArrayList<>();

  private Authenticator saying(String name, Authentication answer) {
    return token -> {
      asked.add(name);
      return CompletableFuture.completedFuture(answer);
    };
  }

  private static CompletableFuture<Authentication> ask(Authenticator... chain) {
    return AuthenticatorChain.of(List.of(chain), InstantSource.system())
        .authenticate(TOKEN)
        .toCompletableFuture();
  }

  @Test
  void asksInOrderUntilOneKnows() {
    CompletableFuture<Authentication> found =
        ask(saying("a", new Unknown()), saying("b", JANE), saying("c", new Rejected("no")));
    assertThat(found).isCompletedWithValue(JANE);
    assertThat(asked).containsExactly("a", "b");
  }

  @Test
  void rejectionEndsTheChain() {
    Rejected rejected = new Rejected("expired");
    assertThat(ask(saying("a", rejected), saying("b", JANE))).isCompletedWithValue(rejected);
    assertThat(asked).containsExactly("a");
  }

  @Test
  void rejectsWhatNobodyKnows() {
    assertThat(ask(saying("a", new Unknown()), saying("b", new Unknown())).join())
        .isInstanceOf(Rejected.class);
    assertThat(ask().join()).isInstanceOf(Rejected.class);
  }

  @Test
  void failedStageEndsTheChainAndItsExceptionIsKept() {
    IllegalStateException failure = new IllegalStateException("down");
    CompletableFuture<Authentication> found =
        ask(
            saying("a", new Unknown()),
            token -> CompletableFuture.failedFuture(failure),
            saying("c", JANE));
    assertThatThrownBy(found::join).hasRootCause(failure);
    assertThat(asked).containsExactly("a");
  }

  @Test
  void throwingCallEndsTheChainAndItsExceptionIsKept() {
    IllegalStateException failure = new IllegalStateException("bug");
    CompletableFuture<Authentication> found =
        ask(
            token -> {
              throw failure;
            },
            saying("b", JANE));
    assertThatThrownBy(found::join).hasRootCause(failure);
    assertThat(asked).isEmpty();
  }

  @Test
  void authenticatorThatAnswersNothingDoesNotLetAnybodyIn() {
    assertThat(ask(token -> null, saying("b", JANE))).isCompletedExceptionally();
    assertThat(ask(token -> CompletableFuture.completedFuture(null), saying("b", JANE)))
        .isCompletedExceptionally();
    assertThat(asked).isEmpty();
  }

  @Test
  void doesNotWaitForASlowAuthenticator() {
    CompletableFuture<Authentication> slow = new CompletableFuture<>();
    CompletableFuture<Authentication> found = ask(token -> slow, saying("b", JANE));
    assertThat(found).isNotDone();
    assertThat(asked).isEmpty();
    slow.complete(new Unknown());
    assertThat(found).isCompletedWithValue(JANE);
  }

  @Test
  void keepsGoodAnswersOnlyOfThoseWhoAllowIt() {
    AuthenticatorChain chain =
        AuthenticatorChain.of(
            List.of(saying("never", new Unknown()), reusable(saying("kept", JANE))),
            InstantSource.system());
    for (int i = 0; i < 3; i++) {
      assertThat(chain.authenticate(TOKEN).toCompletableFuture()).isCompletedWithValue(JANE);
    }
    assertThat(asked).containsExactly("never", "kept", "never", "never");
    chain.forget("id");
    chain.authenticate(TOKEN);
    assertThat(asked).endsWith("never", "kept");
  }

  @Test
  void closesItsMembers() {
    AuthenticatorChain.of(List.of(reusable(saying("a", JANE))), InstantSource.system()).close();
    assertThat(asked).containsExactly("closed");
  }

  private Authenticator reusable(Authenticator one) {
    return new Authenticator() {
      @Override
      public CompletionStage<Authentication> authenticate(Credential credential) {
        return one.authenticate(credential);
      }

      @Override
      public Duration reusableFor() {
        return Duration.ofMinutes(1);
      }

      @Override
      public void close() {
        asked.add("closed");
      }
    };
  }
}
