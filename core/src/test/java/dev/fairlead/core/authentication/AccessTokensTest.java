package dev.fairlead.core.authentication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.api.ForbiddenException;
import dev.fairlead.api.Identity;
import dev.fairlead.api.InvalidException;
import dev.fairlead.api.NotFoundException;
import dev.fairlead.api.auth.Authentication;
import dev.fairlead.api.auth.Authentication.Authenticated;
import dev.fairlead.api.auth.Authentication.Rejected;
import dev.fairlead.api.auth.Authentication.Unknown;
import dev.fairlead.api.auth.BearerToken;
import dev.fairlead.api.store.Stores;
import dev.fairlead.core.store.MemoryStores;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccessTokensTest {

  private static final Identity JANE = Identity.user("jane").inGroups("dev");
  private static final Duration HOUR = Duration.ofHours(1);

  private final Stores stores = MemoryStores.create();
  private Instant now = Instant.parse("2026-03-01T12:00:00Z");
  private final AccessTokens tokens =
      new AccessTokens(stores, () -> now, new SecureRandom(), Runnable::run);

  @BeforeEach
  void openStores() {
    stores.open();
  }

  @AfterEach
  void closeStores() {
    stores.close();
  }

  private Authentication present(String token) {
    return tokens.authenticate(BearerToken.of(token)).toCompletableFuture().join();
  }

  @Test
  void issuedTokenStandsForItsIdentityUntilItExpires() {
    IssuedAccessToken issued = tokens.issue(JANE, HOUR);
    String token = issued.token().reveal();
    assertThat(token).matches("flu_[0-9a-f]{16}_[A-Za-z0-9_-]{43}").contains(issued.info().id());
    now = now.plus(HOUR).minusNanos(1);
    assertThat(present(token))
        .isEqualTo(new Authenticated(JANE, "access-token/" + issued.info().id(), now.plusNanos(1)));
    now = now.plusNanos(1);
    assertThat(present(token))
        .isInstanceOfSatisfying(
            Rejected.class, rejected -> assertThat(rejected.reason()).contains("expired"));
  }

  @Test
  void tokenWithoutLifeHoldsUntilItIsRevoked() {
    IssuedAccessToken issued = tokens.issue(JANE, null);
    now = now.plus(Duration.ofDays(36_500));
    assertThat(present(issued.token().reveal())).isInstanceOf(Authenticated.class);
    tokens.revoke(issued.info().id());
    assertThat(present(issued.token().reveal())).isInstanceOf(Rejected.class);
    assertThatThrownBy(() -> tokens.revoke(issued.info().id()))
        .isInstanceOf(NotFoundException.class);
  }

  @Test
  void rejectionDoesNotTellWhetherTheIdExists() {
    String good = tokens.issue(JANE, HOUR).token().reveal();
    String wrongSecret = good.substring(0, 21) + "A".repeat(43);
    String wrongId = "flu_0000000000000000_" + good.substring(21);
    assertThat(present(wrongSecret)).isInstanceOf(Rejected.class).isEqualTo(present(wrongId));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x",
        "flu_",
        "flu_0000000000000000_",
        "flu_0000000000000000_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "flu_000000000000000G_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "flu_0000000000000000_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n",
        "fli_0000000000000000_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "eyJhbGciOiJSUzI1NiJ9.e30.AAAA"
      })
  void leavesOtherFormsToOthers(String token) {
    assertThat(present(token)).isInstanceOf(Unknown.class);
  }

  @Test
  void secretIsInNoTextAndNotInTheStore() {
    IssuedAccessToken issued = tokens.issue(JANE, HOUR);
    String secret = issued.token().reveal().substring(21);
    assertThat(issued.toString()).doesNotContain(secret);
    assertThat(stores.accessTokens().list())
        .singleElement()
        .satisfies(
            stored -> {
              assertThat(stored.toString()).doesNotContain(secret);
              assertThat(stored.secretHash()).matches("[0-9a-f]{64}").doesNotContain(secret);
            });
    assertThat(tokens.list()).containsExactly(issued.info());
  }

  @Test
  void everyTokenIsDifferent() {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      texts.add(tokens.issue(JANE, HOUR).token().reveal());
    }
    assertThat(texts).doesNotHaveDuplicates();
  }

  @Test
  void refusesLivesOutOfRange() {
    for (Duration life :
        List.of(Duration.ZERO, Duration.ofNanos(-1), Duration.ofDays(3_650).plusNanos(1))) {
      assertThatThrownBy(() -> tokens.issue(JANE, life))
          .isInstanceOf(InvalidException.class)
          .hasMessageContaining(life.toString());
    }
    assertThat(tokens.list()).isEmpty();
  }

  @Test
  void refusesReservedNames() {
    assertThatThrownBy(() -> tokens.issue(JANE.inGroups("system:masters"), HOUR))
        .isInstanceOf(ForbiddenException.class);
    assertThat(tokens.list()).isEmpty();
  }

  @Test
  void forgetsTokensLongAfterTheyExpired() {
    IssuedAccessToken old = tokens.issue(JANE, HOUR);
    IssuedAccessToken eternal = tokens.issue(JANE, null);
    now = now.plus(Duration.ofDays(29));
    tokens.issue(JANE, HOUR);
    assertThat(tokens.list()).contains(old.info());
    now = now.plus(Duration.ofDays(2));
    tokens.issue(JANE, HOUR);
    assertThat(tokens.list()).doesNotContain(old.info()).contains(eternal.info()).hasSize(3);
  }

  @Test
  void readsTheStoreOnTheGivenExecutorOnly() {
    List<Runnable> lookups = new ArrayList<>();
    AccessTokens patient = new AccessTokens(stores, () -> now, new SecureRandom(), lookups::add);
    BearerToken token = patient.issue(JANE, HOUR).token();
    var found = patient.authenticate(token).toCompletableFuture();
    assertThat(found).isNotDone();
    lookups.forEach(Runnable::run);
    assertThat(found.join()).isInstanceOf(Authenticated.class);
  }

  @Test
  void failingStoreOrExecutorDoesNotLetAnybodyIn() {
    BearerToken token = tokens.issue(JANE, HOUR).token();
    AccessTokens overloaded =
        new AccessTokens(
            stores,
            () -> now,
            new SecureRandom(),
            lookup -> {
              throw new RejectedExecutionException("full");
            });
    assertThatThrownBy(() -> overloaded.authenticate(token))
        .isInstanceOf(RejectedExecutionException.class);
    stores.close();
    assertThat(tokens.authenticate(token).toCompletableFuture()).isCompletedExceptionally();
  }
}
