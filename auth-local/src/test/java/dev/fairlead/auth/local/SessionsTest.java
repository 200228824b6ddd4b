package dev.fairlead.auth.local;

import static dev.fairlead.auth.local.AccountsFixture.PASSWORD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.api.ConflictException;
import dev.fairlead.api.NotFoundException;
import dev.fairlead.api.UnauthenticatedException;
import dev.fairlead.api.auth.Authentication;
import dev.fairlead.api.auth.BearerToken;
import dev.fairlead.api.auth.UserDirectory.Found;
import dev.fairlead.core.authentication.AuthenticatorChain;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How long a sign-in lasts, and what ends it. */
final class SessionsTest {

  private static final String JANE = "jane@example.com";

  private final AccountsFixture fixture = new AccountsFixture();
  private final LocalAccounts accounts = fixture.accounts;
  private LocalUser jane;

  @BeforeEach
  void addJane() {
    jane = fixture.user(JANE, "dev");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private static String credential(IssuedTokens tokens) {
    return "local-session/" + tokens.sessionId();
  }

  private void refused(String refreshToken) {
    assertThatThrownBy(() -> accounts.refresh(refreshToken))
        .isInstanceOf(UnauthenticatedException.class)
        .hasMessageNotContaining(refreshToken);
  }

  @Test
  void refreshGetsTheNextTokensOfTheSameSession() {
    IssuedTokens first = fixture.signIn(JANE);
    fixture.time.advance(Duration.ofMinutes(16));
    assertThat(fixture.isGood(first)).isFalse();
    IssuedTokens second = accounts.refresh(first.refreshToken());
    assertThat(second.sessionId()).isEqualTo(first.sessionId());
    assertThat(second.refreshToken()).isNotEqualTo(first.refreshToken());
    assertThat(fixture.isGood(second)).isTrue();
    assertThat(fixture.isGood(accounts.refresh(second.refreshToken()))).isTrue();
    assertThat(fixture.told).isEmpty();
  }

  @Test
  void storesAreNotAskedWithEachRequestAndWhatAnotherHubEndsIsNoticedSoon() {
    IssuedTokens tokens = fixture.signIn(JANE);
    AuthenticatorChain chain = AuthenticatorChain.of(List.of(accounts), fixture.time);
    assertThat(ask(chain, tokens)).isInstanceOf(Authentication.Authenticated.class);
    // As another hub with the same stores would, of which nobody is told here.
    fixture.stores.sessions().remove(tokens.sessionId());
    fixture.time.advance(Duration.ofMillis(4_999));
    assertThat(ask(chain, tokens)).isInstanceOf(Authentication.Authenticated.class);
    fixture.time.advance(Duration.ofMillis(1));
    assertThat(ask(chain, tokens)).isInstanceOf(Authentication.Rejected.class);
  }

  private static Authentication ask(AuthenticatorChain chain, IssuedTokens tokens) {
    return chain.authenticate(BearerToken.of(tokens.accessToken())).toCompletableFuture().join();
  }

  @Test
  void replayedRefreshTokenEndsTheSession() {
    IssuedTokens first = fixture.signIn(JANE);
    IssuedTokens other = fixture.signIn(JANE);
    IssuedTokens second = accounts.refresh(first.refreshToken());
    refused(first.refreshToken());
    refused(second.refreshToken());
    assertThat(fixture.isGood(second)).as("its access token").isFalse();
    assertThat(fixture.told).containsExactly(credential(first));
    assertThat(fixture.isGood(other)).as("another session").isTrue();
  }

  @Test
  void ofAHundredRefreshesAtOnceOneWinsAndTheSessionEnds() throws Exception {
    IssuedTokens first = fixture.signIn(JANE);
    ExecutorService threads = Executors.newFixedThreadPool(32);
    List<IssuedTokens> won = new ArrayList<>();
    try {
      Callable<IssuedTokens> refresh = () -> accounts.refresh(first.refreshToken());
      for (Future<IssuedTokens> call : threads.invokeAll(Collections.nCopies(100, refresh))) {
        try {
          won.add(call.get());
        } catch (ExecutionException e) {
          assertThat(e).hasCauseInstanceOf(UnauthenticatedException.class);
        }
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(won).hasSizeLessThanOrEqualTo(1);
    assertThat(fixture.told).containsExactly(credential(first));
    won.forEach(tokens -> assertThat(fixture.isGood(tokens)).isFalse());
    won.forEach(tokens -> refused(tokens.refreshToken()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "flr_", "flu_0123456789abcdef_x", "\u0000", "flr_a_b_c"})
  void whatIsNoRefreshTokenIsRefused(String text) {
    assertThatThrownBy(() -> accounts.refresh(text)).isInstanceOf(UnauthenticatedException.class);
    accounts.signOut(text);
  }

  @Test
  void madeUpRefreshTokenOfAKnownSessionEndsNothing() {
    IssuedTokens tokens = fixture.signIn(JANE);
    String made = "flr_" + tokens.sessionId() + "_" + "x".repeat(43) + "_" + "y".repeat(43);
    refused(made);
    accounts.signOut(made);
    assertThat(fixture.isGood(tokens)).isTrue();
    assertThat(fixture.isGood(accounts.refresh(tokens.refreshToken()))).isTrue();
  }

  @Test
  void sessionEndsUnusedAndAfterAllItsTime() {
    IssuedTokens unused = fixture.signIn(JANE);
    IssuedTokens used = fixture.signIn(JANE);
    for (int week = 1; week <= 4; week++) {
      fixture.time.advance(Duration.ofDays(6));
      used = accounts.refresh(used.refreshToken());
    }
    refused(unused.refreshToken());
    fixture.time.advance(Duration.ofDays(6));
    refused(used.refreshToken());
  }

  @Test
  void nothingOfARefreshTokenIsKept() {
    IssuedTokens tokens = fixture.signIn(JANE);
    RefreshToken token = RefreshToken.parse(tokens.refreshToken()).orElseThrow();
    String kept = fixture.stores.sessions().listOf(jane.id()).toString();
    var session = fixture.stores.sessions().find(tokens.sessionId()).orElseThrow();
    assertThat(List.of(session.familyHash(), session.tokenHash(), kept))
        .noneMatch(text -> text.contains(token.family()) || text.contains(token.secret()));
  }

  @Test
  void signingOutEndsTheSessionAtOnce() {
    IssuedTokens tokens = fixture.signIn(JANE);
    accounts.signOut(tokens.refreshToken());
    assertThat(fixture.isGood(tokens)).isFalse();
    refused(tokens.refreshToken());
    assertThat(fixture.told).containsExactly(credential(tokens));
    accounts.signOut(tokens.refreshToken());
    assertThat(fixture.told).hasSize(1);
  }

  @Test
  void disabledUserIsOutUntilEnabledAndSignedInAgain() {
    IssuedTokens tokens = fixture.signIn(JANE);
    accounts.users().setDisabled(jane.id(), true);
    assertThat(fixture.isGood(tokens)).isFalse();
    refused(tokens.refreshToken());
    assertThat(fixture.told).containsExactly(credential(tokens), "local:jane@example.com");
    accounts.users().setDisabled(jane.id(), false);
    assertThat(fixture.isGood(tokens)).isFalse();
    assertThat(fixture.isGood(fixture.signIn(JANE))).isTrue();
  }

  @Test
  void removedUserIsOut() {
    IssuedTokens tokens = fixture.signIn(JANE);
    accounts.users().remove(jane.id());
    assertThat(fixture.isGood(tokens)).isFalse();
    assertThat(fixture.told).contains("local:jane@example.com");
    assertThatThrownBy(() -> accounts.users().remove(jane.id()))
        .isInstanceOf(NotFoundException.class);
    fixture.user(JANE);
    assertThat(fixture.isGood(tokens)).as("to a new user of the same name").isFalse();
  }

  @Test
  void rolesHoldFromTheNextRequestOn() {
    IssuedTokens tokens = fixture.signIn(JANE);
    accounts.users().setRoles(jane.id(), List.of("ops", "ops", "dev"));
    assertThat(fixture.told).containsExactly("local:jane@example.com");
    assertThat(fixture.present(tokens.accessToken()))
        .isInstanceOfSatisfying(
            Authentication.Authenticated.class,
            found ->
                assertThat(found.identity().groups()).containsExactly("local:ops", "local:dev"));
  }

  @Test
  void newPasswordOrEmailEndsAllSessions() {
    IssuedTokens first = fixture.signIn(JANE);
    accounts.users().setPassword(jane.id(), "another good password");
    assertThat(fixture.isGood(first)).isFalse();
    assertThatThrownBy(() -> fixture.signIn(JANE)).isInstanceOf(UnauthenticatedException.class);
    IssuedTokens second = accounts.signIn(JANE, "another good password", "");
    accounts.users().setEmail(jane.id(), "jane@example.org");
    assertThat(fixture.isGood(second)).isFalse();
    assertThat(accounts.signIn("jane@example.org", "another good password", "").identity().uid())
        .isEqualTo(jane.id());
    assertThat(fixture.told).contains("local:jane@example.com");
  }

  @Test
  void ownNewPasswordKeepsOneSessionOnly() {
    IssuedTokens here = fixture.signIn(JANE);
    IssuedTokens elsewhere = fixture.signIn(JANE);
    var user = fixture.stores.users().find(jane.id()).orElseThrow();
    assertThatThrownBy(
            () ->
                accounts
                    .sessions()
                    .changePassword(user, here.sessionId(), "wrong", "another good password", ""))
        .isInstanceOf(UnauthenticatedException.class);
    accounts
        .sessions()
        .changePassword(user, here.sessionId(), PASSWORD, "another good password", "");
    assertThat(fixture.isGood(here)).isTrue();
    assertThat(fixture.isGood(elsewhere)).isFalse();
    assertThat(fixture.told).containsExactly(credential(elsewhere));
    assertThatThrownBy(() -> fixture.signIn(JANE)).isInstanceOf(UnauthenticatedException.class);
  }

  @Test
  void directoryKnowsUsersAsTheyAreNow() {
    String name = "local:" + JANE;
    assertThat(accounts.find(name))
        .isInstanceOfSatisfying(
            Found.Active.class,
            found -> assertThat(found.identity().groups()).containsExactly("local:dev"));
    assertThat(accounts.find(JANE)).isInstanceOf(Found.Elsewhere.class);
    accounts.users().setDisabled(jane.id(), true);
    assertThat(accounts.find(name)).isInstanceOf(Found.Blocked.class);
    accounts.users().remove(jane.id());
    assertThat(accounts.find(name)).isInstanceOf(Found.Blocked.class);
    try (LocalAccounts unmarked = fixture.builder(fixture.audit).prefixes("", "").build()) {
      assertThat(unmarked.find(JANE)).isInstanceOf(Found.Elsewhere.class);
    }
  }

  @Test
  void lastAdministratorStays() {
    LocalUser admin = fixture.user("admin@example.com", LocalAccounts.ADMINISTRATOR);
    LocalUsers users = accounts.users();
    assertThatThrownBy(() -> users.remove(admin.id())).isInstanceOf(ConflictException.class);
    assertThatThrownBy(() -> users.setDisabled(admin.id(), true))
        .isInstanceOf(ConflictException.class);
    assertThatThrownBy(() -> users.setRoles(admin.id(), List.of("dev")))
        .isInstanceOf(ConflictException.class);
    users.setRoles(jane.id(), List.of(LocalAccounts.ADMINISTRATOR));
    users.remove(admin.id());
    assertThat(users.list()).extracting(LocalUser::email).containsExactly(JANE);
  }
}
