package dev.fairlead.core.apikey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.api.ForbiddenException;
import dev.fairlead.api.Identity;
import dev.fairlead.api.InvalidException;
import dev.fairlead.api.LimitException;
import dev.fairlead.api.NotFoundException;
import dev.fairlead.api.auth.Authentication;
import dev.fairlead.api.auth.Authentication.Authenticated;
import dev.fairlead.api.auth.Authentication.Rejected;
import dev.fairlead.api.auth.Authentication.Unknown;
import dev.fairlead.api.auth.BearerToken;
import dev.fairlead.api.auth.Grounds;
import dev.fairlead.api.auth.UserDirectory;
import dev.fairlead.api.store.ApiKeyStore;
import dev.fairlead.api.store.ApiKeyStore.StoredApiKey;
import dev.fairlead.api.store.Stores;
import dev.fairlead.core.authentication.AuthenticatorChain;
import dev.fairlead.core.authorization.Rule;
import dev.fairlead.core.authorization.Scope;
import dev.fairlead.core.store.MemoryStores;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiKeysTest {

  private static final Identity JANE = Identity.user("jane").inGroups("dev");
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Rule READ_PODS =
      Rule.builder()
          .clusters("dev")
          .namespaces("x")
          .apiGroups("")
          .resources("pods")
          .verbs("get")
          .build();
  private static final ApiKeyOrder KEY = ApiKeyOrder.forUser(JANE);

  private final Stores stores = MemoryStores.create();
  private Instant now = Instant.parse("2026-03-01T12:00:00Z");
  private final Map<String, UserDirectory.Found> directory = new HashMap<>();
  private final ApiKeys keys = keys(stores, Runnable::run);

  @BeforeEach
  void openStores() {
    stores.open();
  }

  @AfterEach
  void closeStores() {
    stores.close();
  }

  private ApiKeys keys(Stores kept, Executor lookups) {
    return new ApiKeys(
        kept,
        () -> now,
        new SecureRandom(),
        lookups,
        List.of(username -> directory.getOrDefault(username, new UserDirectory.Found.Elsewhere())));
  }

  @Test
  void storeIsNotAskedWithEachRequestAndAnotherHubsRevocationIsNoticedSoon() {
    IssuedApiKey issued = keys.issue(KEY);
    AuthenticatorChain chain = AuthenticatorChain.of(List.of(keys), () -> now);
    assertThat(ask(chain, issued)).isInstanceOf(Authentication.Authenticated.class);
    // As another hub with the same stores would, of which nobody is told here.
    stores.apiKeys().remove(issued.info().id());
    now = now.plusMillis(4_999);
    assertThat(ask(chain, issued)).isInstanceOf(Authentication.Authenticated.class);
    now = now.plusMillis(1);
    assertThat(ask(chain, issued)).isInstanceOf(Authentication.Rejected.class);
  }

  private static Authentication ask(AuthenticatorChain chain, IssuedApiKey issued) {
    return chain.authenticate(issued.token()).toCompletableFuture().join();
  }

  private Authentication present(String token) {
    return keys.authenticate(BearerToken.of(token)).toCompletableFuture().join();
  }

  @Test
  void issuedTokenStandsForItsIdentityUntilItExpires() {
    IssuedApiKey issued = keys.issue(KEY.livingFor(HOUR));
    String token = issued.token().reveal();
    assertThat(token).matches("flk_[0-9a-f]{16}_[A-Za-z0-9_-]{43}").contains(issued.info().id());
    now = now.plus(HOUR).minusNanos(1);
    assertThat(present(token))
        .isEqualTo(new Authenticated(JANE, "api-key/" + issued.info().id(), now.plusNanos(1)));
    now = now.plusNanos(1);
    assertThat(present(token))
        .isInstanceOfSatisfying(
            Rejected.class, rejected -> assertThat(rejected.reason()).contains("expired"));
  }

  @Test
  void tokenWithoutLifeHoldsUntilItIsRevoked() {
    IssuedApiKey issued = keys.issue(KEY);
    now = now.plus(Duration.ofDays(36_500));
    assertThat(present(issued.token().reveal())).isInstanceOf(Authenticated.class);
    keys.revoke(issued.info().id());
    assertThat(present(issued.token().reveal())).isInstanceOf(Rejected.class);
    assertThatThrownBy(() -> keys.revoke(issued.info().id())).isInstanceOf(NotFoundException.class);
  }

  @Test
  void rejectionDoesNotTellWhetherTheIdExists() {
    String good = keys.issue(KEY.livingFor(HOUR)).token().reveal();
    String wrongSecret = good.substring(0, 21) + "A".repeat(43);
    String wrongId = "flk_0000000000000000_" + good.substring(21);
    assertThat(present(wrongSecret)).isInstanceOf(Rejected.class).isEqualTo(present(wrongId));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x",
        "flk_",
        "flk_0000000000000000_",
        "flk_0000000000000000_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "flk_000000000000000G_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "flk_0000000000000000_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n",
        "fli_0000000000000000_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "eyJhbGciOiJSUzI1NiJ9.e30.AAAA"
      })
  void leavesOtherFormsToOthers(String token) {
    assertThat(present(token)).isInstanceOf(Unknown.class);
  }

  @Test
  void secretIsInNoTextAndNotInTheStore() {
    IssuedApiKey issued = keys.issue(KEY.livingFor(HOUR));
    String secret = issued.token().reveal().substring(21);
    assertThat(issued.toString()).doesNotContain(secret);
    assertThat(stores.apiKeys().list())
        .singleElement()
        .satisfies(
            stored -> {
              assertThat(stored.toString()).doesNotContain(secret);
              assertThat(stored.secretHash()).matches("[0-9a-f]{64}").doesNotContain(secret);
            });
    assertThat(keys.list()).containsExactly(issued.info());
  }

  @Test
  void hashThatWasMovedToAnotherKeyOpensNothingThere() {
    IssuedApiKey mine = keys.issue(KEY.livingFor(HOUR));
    StoredApiKey stored = stores.apiKeys().find(mine.info().id()).orElseThrow();
    String otherId = "0123456789abcdef";
    stores
        .apiKeys()
        .add(
            new StoredApiKey(
                otherId,
                stored.secretHash(),
                stored.owner(),
                Identity.user("root"),
                "",
                null,
                now,
                null,
                null));
    String secret = mine.token().reveal().substring(21);
    assertThat(present("flk_" + otherId + "_" + secret))
        .isInstanceOf(Authentication.Rejected.class);
    assertThat(present(mine.token().reveal())).isInstanceOf(Authentication.Authenticated.class);
  }

  @Test
  void everyTokenIsDifferent() {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      texts.add(keys.issue(KEY.livingFor(HOUR)).token().reveal());
    }
    assertThat(texts).doesNotHaveDuplicates();
  }

  @Test
  void refusesLivesOutOfRange() {
    for (Duration life :
        List.of(Duration.ZERO, Duration.ofNanos(-1), Duration.ofDays(3_650).plusNanos(1))) {
      assertThatThrownBy(() -> keys.issue(KEY.livingFor(life)))
          .isInstanceOf(InvalidException.class)
          .hasMessageContaining(life.toString());
    }
    assertThat(keys.list()).isEmpty();
  }

  @Test
  void refusesReservedNames() {
    assertThatThrownBy(() -> keys.issue(ApiKeyOrder.forUser(JANE.inGroups("system:masters"))))
        .isInstanceOf(ForbiddenException.class);
    assertThat(keys.list()).isEmpty();
  }

  @Test
  void forgetsTokensLongAfterTheyExpired() {
    IssuedApiKey old = keys.issue(KEY.livingFor(HOUR));
    IssuedApiKey eternal = keys.issue(KEY);
    now = now.plus(Duration.ofDays(29));
    keys.issue(KEY.livingFor(HOUR));
    assertThat(keys.list()).contains(old.info());
    now = now.plus(Duration.ofDays(2));
    keys.issue(KEY.livingFor(HOUR));
    assertThat(keys.list()).doesNotContain(old.info()).contains(eternal.info()).hasSize(3);
  }

  @Test
  void readsTheStoreOnTheGivenExecutorOnly() {
    List<Runnable> lookups = new ArrayList<>();
    ApiKeys patient = keys(stores, lookups::add);
    BearerToken token = patient.issue(KEY).token();
    var found = patient.authenticate(token).toCompletableFuture();
    assertThat(found).isNotDone();
    lookups.forEach(Runnable::run);
    assertThat(found.join()).isInstanceOf(Authenticated.class);
  }

  @Test
  void failingStoreOrExecutorDoesNotLetAnybodyIn() {
    BearerToken token = keys.issue(KEY.livingFor(HOUR)).token();
    ApiKeys overloaded =
        keys(
            stores,
            lookup -> {
              throw new RejectedExecutionException("full");
            });
    assertThatThrownBy(() -> overloaded.authenticate(token))
        .isInstanceOf(RejectedExecutionException.class);
    stores.close();
    assertThat(keys.authenticate(token).toCompletableFuture()).isCompletedExceptionally();
  }

  @Test
  void serviceComesInUnderItsOwnName() {
    IssuedApiKey issued = keys.issue(ApiKeyOrder.forService("ci", "robots").describedAs("builds"));
    Identity service = Identity.user("service:ci").inGroups("robots");
    // Directories are of people.
    directory.put("service:ci", new UserDirectory.Found.Blocked("never asked"));
    assertThat(present(issued.token().reveal()))
        .isInstanceOfSatisfying(
            Authenticated.class, found -> assertThat(found.identity()).isEqualTo(service));
    assertThat(issued.info().owner()).isEqualTo(ApiKeyStore.Owner.SERVICE);
    assertThat(issued.info().description()).isEqualTo("builds");
    assertThat(issued.token().reveal()).startsWith(issued.info().prefix());
    assertThat(keys.list("service:ci")).containsExactly(info(issued).orElseThrow());
    assertThat(keys.list("ci")).isEmpty();
  }

  @Test
  void refusesAnOrderWithAllItsMistakes() {
    ApiKeyOrder bad =
        ApiKeyOrder.forService("Not A Name")
            .describedAs("x".repeat(201))
            .livingFor(Duration.ofDays(3_651));
    assertThatThrownBy(() -> keys.issue(bad))
        .isInstanceOf(InvalidException.class)
        .hasMessageContainingAll("life of API key", "description of API key", "service of API key");
    assertThatThrownBy(() -> keys.issue(KEY.describedAs("a\nb")))
        .isInstanceOf(InvalidException.class);
    assertThatThrownBy(() -> keys.issue(ApiKeyOrder.forUser(Identity.user("service:ci"))))
        .isInstanceOf(InvalidException.class);
    assertThat(keys.list()).isEmpty();
  }

  @Test
  void ownerWhoIsBlockedDoesNotComeInByAKey() {
    String token = keys.issue(KEY).token().reveal();
    directory.put("jane", new UserDirectory.Found.Blocked("disabled"));
    assertThat(present(token))
        .isInstanceOfSatisfying(
            Rejected.class, rejected -> assertThat(rejected.reason()).contains("disabled"));
    directory.put("jane", new UserDirectory.Found.Active(JANE));
    assertThat(present(token)).isInstanceOf(Authenticated.class);
  }

  @Test
  void keyHasTheGroupsThatItsOwnerHasNow() {
    String token = keys.issue(KEY).token().reveal();
    Identity moved = Identity.user("jane").inGroups("sales");
    directory.put("jane", new UserDirectory.Found.Active(moved));
    assertThat(present(token))
        .isInstanceOfSatisfying(
            Authenticated.class, found -> assertThat(found.identity()).isEqualTo(moved));
  }

  @Test
  void directoryThatFailsLetsNobodyIn() {
    BearerToken token = keys.issue(KEY).token();
    ApiKeys broken =
        new ApiKeys(
            stores,
            () -> now,
            new SecureRandom(),
            Runnable::run,
            List.of(
                username -> {
                  throw new IllegalStateException("down");
                }));
    assertThat(broken.authenticate(token).toCompletableFuture()).isCompletedExceptionally();
  }

  @Test
  void scopeComesBackWithTheKey() {
    Scope scope = Scope.of(List.of(READ_PODS));
    IssuedApiKey issued = keys.issue(KEY.limitedTo(scope));
    assertThat(present(issued.token().reveal()))
        .isInstanceOfSatisfying(
            Authenticated.class, found -> assertThat(found.scope()).isEqualTo(scope));
    assertThat(info(issued).orElseThrow().scope()).isEqualTo(scope);
    assertThat(present(keys.issue(KEY).token().reveal()))
        .isInstanceOfSatisfying(Authenticated.class, found -> assertThat(found.scope()).isNull());
  }

  @Test
  void scopeThatIsDamagedInTheStoreLetsNobodyIn() {
    IssuedApiKey issued = keys.issue(KEY);
    ApiKeyStore.StoredApiKey stored = stores.apiKeys().find(issued.info().id()).orElseThrow();
    stores.apiKeys().remove(stored.id());
    stores
        .apiKeys()
        .add(
            new ApiKeyStore.StoredApiKey(
                stored.id(),
                stored.secretHash(),
                stored.owner(),
                stored.identity(),
                "",
                "{\"rules\":[]}",
                stored.createdAt(),
                null,
                null));
    assertThat(keys.authenticate(issued.token()).toCompletableFuture()).isCompletedExceptionally();
  }

  @Test
  void lastUseIsKnownToTheHourAndWrittenOncePerHour() {
    IssuedApiKey issued = keys.issue(KEY);
    String token = issued.token().reveal();
    assertThat(info(issued).orElseThrow().lastUsedAt()).isNull();
    now = now.plus(Duration.ofMinutes(59));
    present(token.substring(0, 21) + "A".repeat(43));
    assertThat(info(issued).orElseThrow().lastUsedAt()).isNull();
    present(token);
    var first = stores.apiKeys().find(issued.info().id()).orElseThrow();
    assertThat(first.lastUsedAt()).isEqualTo(Instant.parse("2026-03-01T12:00:00Z"));
    present(token);
    assertThat(stores.apiKeys().find(issued.info().id()).orElseThrow()).isSameAs(first);
    now = now.plus(Duration.ofMinutes(1));
    present(token);
    assertThat(info(issued).orElseThrow().lastUsedAt()).isEqualTo(now);
  }

  @Test
  void ownerWhoIsGoneHasNoKeys() {
    IssuedApiKey one = keys.issue(KEY);
    IssuedApiKey other = keys.issue(KEY);
    IssuedApiKey service = keys.issue(ApiKeyOrder.forService("ci"));
    List<String> lost = new ArrayList<>();
    keys.follow(
        new Grounds.Listener() {
          @Override
          public void credentialRevoked(String credentialId, String reason) {
            lost.add(credentialId);
          }

          @Override
          public void userRevoked(String username, String reason) {}

          @Override
          public void rulesChanged(String reason) {}
        });
    keys.revokeAllOf("jane");
    assertThat(lost)
        .containsExactlyInAnyOrder("api-key/" + one.info().id(), "api-key/" + other.info().id());
    assertThat(present(one.token().reveal())).isInstanceOf(Rejected.class);
    assertThat(keys.list()).containsExactly(service.info());
  }

  @Test
  void ownerHasABoundedNumberOfKeys() {
    for (int i = 0; i < ApiKeys.MOST_OF_ONE; i++) {
      keys.issue(KEY);
    }
    assertThatThrownBy(() -> keys.issue(KEY)).isInstanceOf(LimitException.class);
    keys.issue(ApiKeyOrder.forService("ci"));
    keys.revoke(keys.list("jane").get(0).id());
    keys.issue(KEY);
  }

  private Optional<ApiKeyInfo> info(IssuedApiKey issued) {
    return keys.list().stream().filter(key -> key.id().equals(issued.info().id())).findFirst();
  }
}
