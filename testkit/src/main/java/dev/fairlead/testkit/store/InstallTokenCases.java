package dev.fairlead.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.ConflictException;
import dev.fairlead.api.InstallTokenInfo;
import dev.fairlead.api.InstallTokenInfo.State;
import dev.fairlead.api.store.InstallTokenStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** What install tokens have to do; above all, that one is redeemed once. */
abstract class InstallTokenCases extends StoresFixture {

  private static final Duration LIFE = Duration.ofHours(1);
  private static final String HASH =
      "5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8";
  private static final String OTHER =
      "6e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8";

  static void add(InstallTokenStore store, String id, ClusterName cluster, Instant issuedAt) {
    store.add(new InstallTokenInfo(id, cluster, issuedAt, issuedAt.plus(LIFE), State.OPEN), HASH);
  }

  private InstallTokenStore store() {
    return stores().installTokens();
  }

  private State stateOf(String id) {
    return store().list().stream()
        .filter(info -> info.id().equals(id))
        .findFirst()
        .orElseThrow()
        .state();
  }

  @Test
  void redeemsAnInstallTokenOnce() {
    add(store(), "a", EU, NOW);
    Optional<InstallTokenInfo> redeemed = store().redeem("a", HASH, NOW);
    assertThat(redeemed).map(InstallTokenInfo::cluster).contains(EU);
    assertThat(redeemed).map(InstallTokenInfo::state).contains(State.REDEEMED);
    assertThat(store().redeem("a", HASH, NOW)).isEmpty();
    assertThat(stateOf("a")).isEqualTo(State.REDEEMED);
  }

  @Test
  void ofAHundredRedemptionsAtOnceOneSucceeds() {
    add(store(), "a", EU, NOW);
    Callable<Optional<InstallTokenInfo>> redemption = () -> store().redeem("a", HASH, NOW);
    List<Optional<InstallTokenInfo>> results = Together.call(Collections.nCopies(100, redemption));
    assertThat(results).hasSize(100).filteredOn(Optional::isPresent).hasSize(1);
  }

  @Test
  void redemptionOutlivesClosing() {
    add(store(), "a", EU, NOW);
    assertThat(store().redeem("a", HASH, NOW)).isPresent();
    stores().close();
    stores().open();
    assertThat(store().redeem("a", HASH, NOW)).isEmpty();
  }

  @Test
  void wrongSecretDoesNotUseTheTokenUp() {
    add(store(), "a", EU, NOW);
    assertThat(store().redeem("a", OTHER, NOW)).isEmpty();
    assertThat(store().redeem("a", "", NOW)).isEmpty();
    assertThat(store().redeem("a", HASH.substring(1), NOW)).isEmpty();
    assertThat(store().redeem("b", HASH, NOW)).isEmpty();
    assertThat(store().redeem("a", HASH, NOW)).isPresent();
  }

  @Test
  void installTokenCanBeRedeemedUntilItExpires() {
    add(store(), "a", EU, NOW);
    add(store(), "b", EU, NOW);
    assertThat(store().redeem("a", HASH, NOW.plus(LIFE).minusNanos(1))).isPresent();
    assertThat(store().redeem("b", HASH, NOW.plus(LIFE))).isEmpty();
    assertThat(stateOf("b")).isEqualTo(State.OPEN);
  }

  @Test
  void revokedInstallTokenCannotBeRedeemed() {
    add(store(), "a", EU, NOW);
    assertThat(store().revoke("a")).isTrue();
    assertThat(store().redeem("a", HASH, NOW)).isEmpty();
    assertThat(stateOf("a")).isEqualTo(State.REVOKED);
  }

  @Test
  void redeemedInstallTokenStaysRedeemedWhenRevoked() {
    add(store(), "a", EU, NOW);
    store().redeem("a", HASH, NOW);
    assertThat(store().revoke("a")).isTrue();
    assertThat(stateOf("a")).isEqualTo(State.REDEEMED);
  }

  @Test
  void unknownInstallTokenIsNotRevoked() {
    assertThat(store().revoke("a")).isFalse();
  }

  @Test
  void revokesAllOpenTokensOfOneClusterOnly() {
    add(store(), "used", EU, NOW);
    add(store(), "open", EU, NOW);
    add(store(), "elsewhere", US, NOW);
    store().redeem("used", HASH, NOW);
    store().revokeAll(EU);
    assertThat(stateOf("used")).isEqualTo(State.REDEEMED);
    assertThat(stateOf("open")).isEqualTo(State.REVOKED);
    assertThat(stateOf("elsewhere")).isEqualTo(State.OPEN);
  }

  @Test
  void revocationAndRedemptionAtOnceLeaveOneOfThem() {
    for (int round = 0; round < 20; round++) {
      String id = "token-" + round;
      add(store(), id, EU, NOW);
      Callable<Boolean> redemption = () -> store().redeem(id, HASH, NOW).isPresent();
      Callable<Boolean> revocation = () -> store().revoke(id);
      List<Boolean> done = Together.call(List.of(redemption, revocation));
      assertThat(stateOf(id)).isEqualTo(done.get(0) ? State.REDEEMED : State.REVOKED);
    }
  }

  @Test
  void refusesASecondInstallTokenWithTheSameId() {
    add(store(), "a", EU, NOW);
    assertThatThrownBy(() -> add(store(), "a", US, NOW))
        .isInstanceOf(ConflictException.class)
        .hasMessageNotContaining(HASH);
    assertThat(store().redeem("a", HASH, NOW)).map(InstallTokenInfo::cluster).contains(EU);
  }

  @Test
  void listsInstallTokensNewestFirst() {
    add(store(), "middle", EU, NOW);
    add(store(), "oldest", EU, NOW.minusSeconds(1));
    add(store(), "newest", EU, NOW.plusSeconds(1));
    assertThat(store().list())
        .extracting(InstallTokenInfo::id)
        .containsExactly("newest", "middle", "oldest");
  }

  @Test
  void purgeForgetsInstallTokensThatExpiredBefore() {
    add(store(), "old", EU, NOW.minusNanos(1));
    add(store(), "edge", EU, NOW);
    store().purge(NOW.plus(LIFE));
    assertThat(store().list()).extracting(InstallTokenInfo::id).containsExactly("edge");
  }
}
