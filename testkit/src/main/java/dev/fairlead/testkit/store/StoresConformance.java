package dev.fairlead.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.api.ConflictException;
import dev.fairlead.api.Identity;
import dev.fairlead.api.store.AgentStore.StoredAgent;
import dev.fairlead.api.store.ApiKeyStore.Owner;
import dev.fairlead.api.store.ApiKeyStore.StoredApiKey;
import dev.fairlead.api.store.ClusterStore.StoredCluster;
import dev.fairlead.api.store.RoleStore;
import dev.fairlead.api.store.RoleStore.StoredRoles;
import dev.fairlead.api.store.Stores;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * What every {@link Stores} has to do, as JUnit cases. Extend it and say how to make stores; the
 * cases open and close them. Each case gets new ones.
 */
public abstract class StoresConformance extends AccountCases {

  private static final Identity FULL =
      new Identity("jane", "42", List.of("b", "a"), Map.of("scopes", List.of("x", "y")));

  private final StoredApiKey key =
      new StoredApiKey(
          "k",
          "hash",
          Owner.USER,
          Identity.user("jane").inGroups("dev"),
          "nightly",
          null,
          NOW,
          NOW.plusSeconds(60),
          null);

  /** For subclasses. */
  protected StoresConformance() {}

  @Test
  void beginsEmpty() {
    assertThat(stores().clusters().list()).isEmpty();
    assertThat(stores().installTokens().list()).isEmpty();
    assertThat(stores().agents().list()).isEmpty();
    assertThat(stores().apiKeys().list()).isEmpty();
    assertThat(stores().roles().get()).isEqualTo(new StoredRoles(""));
  }

  @Test
  void openingAndClosingTwiceDoesNothingMore() {
    stores().clusters().merge(EU, Map.of());
    stores().open();
    assertThat(stores().clusters().find(EU)).isPresent();
    stores().close();
    stores().close();
  }

  @Test
  void closingBeforeOpeningDoesNothing() {
    Stores neverOpened = create();
    neverOpened.close();
    neverOpened.close();
  }

  @Test
  void refusesWorkWhileClosed() {
    stores().close();
    assertThatThrownBy(() -> stores().clusters().list()).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> stores().clusters().merge(EU, Map.of()))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> stores().installTokens().redeem("id", "hash", NOW))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> stores().agents().find("id"))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> stores().apiKeys().remove("id"))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> stores().roles().get()).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void remembersEverythingAcrossClosing() {
    add(stores().installTokens(), "a", EU, NOW);
    stores().clusters().merge(EU, Map.of("tier", "gold \"1\"\n", "unicode", "grün 🚢"));
    stores().agents().add(new StoredAgent("x", EU, NOW, false));
    stores().agents().add(new StoredAgent("y", US, NOW, false));
    stores().agents().revokeAll(US);
    stores()
        .apiKeys()
        .add(
            new StoredApiKey(
                "k", "hash", Owner.USER, FULL, "d \"1\"", "{\"rules\":[]}", NOW, NOW, NOW));
    stores()
        .apiKeys()
        .add(
            new StoredApiKey(
                "l", "hash", Owner.SERVICE, Identity.user("x"), "", null, NOW, null, null));
    stores().apiKeys().used("l", NOW.plusSeconds(1));
    StoredRoles roles = new StoredRoles("roles: []\nbindings: [] # grün\n");
    stores().roles().replace(stores().roles().get(), roles);
    var clusters = stores().clusters().list();
    var installTokens = stores().installTokens().list();
    var agents = stores().agents().list();
    var apiKeys = stores().apiKeys().list();

    reopen();

    assertThat(stores().clusters().list()).hasSize(1).isEqualTo(clusters);
    assertThat(stores().installTokens().list()).hasSize(1).isEqualTo(installTokens);
    assertThat(stores().agents().list()).hasSize(2).isEqualTo(agents);
    assertThat(stores().apiKeys().list()).hasSize(2).isEqualTo(apiKeys);
    assertThat(stores().roles().get()).isEqualTo(roles);
  }

  /** Roles and bindings. */
  @Nested
  class Roles extends RoleStoreConformance {
    @Override
    protected RoleStore roles() {
      return stores().roles();
    }
  }

  @Test
  void mergeAddsACluster() {
    StoredCluster added = stores().clusters().merge(EU, Map.of("a", "1"));
    assertThat(added).isEqualTo(new StoredCluster(EU, Map.of("a", "1")));
    assertThat(stores().clusters().find(EU)).contains(added);
  }

  @Test
  void mergeKeepsLabelsItDoesNotName() {
    stores().clusters().merge(EU, Map.of("a", "1", "b", "1"));
    StoredCluster merged = stores().clusters().merge(EU, Map.of("b", "2", "c", "2"));
    assertThat(merged.labels()).isEqualTo(Map.of("a", "1", "b", "2", "c", "2"));
    assertThat(stores().clusters().find(EU)).contains(merged);
  }

  @Test
  void listsClustersByName() {
    stores().clusters().merge(US, Map.of());
    stores().clusters().merge(EU, Map.of());
    assertThat(stores().clusters().list()).extracting(StoredCluster::name).containsExactly(EU, US);
  }

  @Test
  void removesOneCluster() {
    stores().clusters().merge(EU, Map.of());
    stores().clusters().merge(US, Map.of());
    assertThat(stores().clusters().remove(EU)).isTrue();
    assertThat(stores().clusters().remove(EU)).isFalse();
    assertThat(stores().clusters().find(EU)).isEmpty();
    assertThat(stores().clusters().find(US)).isPresent();
  }

  @Test
  void removedClusterComesBackWithoutItsLabels() {
    stores().clusters().merge(EU, Map.of("a", "1"));
    stores().clusters().remove(EU);
    assertThat(stores().clusters().merge(EU, Map.of()).labels()).isEmpty();
  }

  @Test
  void clusterListIsASnapshot() {
    List<StoredCluster> before = stores().clusters().list();
    stores().clusters().merge(EU, Map.of());
    assertThat(before).isEmpty();
  }

  @Test
  void noMergeIsLostWhenManyComeAtOnce() {
    Together.call(
        IntStream.range(0, 32)
            .<Callable<StoredCluster>>mapToObj(
                i -> () -> stores().clusters().merge(EU, Map.of("label-" + i, "x")))
            .toList());
    assertThat(stores().clusters().find(EU).orElseThrow().labels()).hasSize(32);
  }

  @Test
  void refusesASecondAgentWithTheSameId() {
    StoredAgent first = new StoredAgent("x", EU, NOW, false);
    stores().agents().add(first);
    assertThatThrownBy(() -> stores().agents().add(new StoredAgent("x", US, NOW, false)))
        .isInstanceOf(ConflictException.class);
    assertThat(stores().agents().find("x")).contains(first);
  }

  @Test
  void renewalMovesExpiryAndNothingElse() {
    stores().agents().add(new StoredAgent("x", EU, NOW, false));
    assertThat(stores().agents().renewed("x", NOW.plusSeconds(60))).isTrue();
    assertThat(stores().agents().find("x"))
        .contains(new StoredAgent("x", EU, NOW.plusSeconds(60), false));
  }

  @Test
  void unknownAgentIsNotRenewed() {
    assertThat(stores().agents().renewed("x", NOW)).isFalse();
    assertThat(stores().agents().find("x")).isEmpty();
  }

  @Test
  void revokedAgentIsNotRenewed() {
    stores().agents().add(new StoredAgent("x", EU, NOW, false));
    stores().agents().revokeAll(EU);
    assertThat(stores().agents().renewed("x", NOW.plusSeconds(60))).isFalse();
    assertThat(stores().agents().find("x")).contains(new StoredAgent("x", EU, NOW, true));
  }

  @Test
  void revokesOneAgentForGood() {
    stores().agents().add(new StoredAgent("x", EU, NOW, false));
    stores().agents().add(new StoredAgent("y", EU, NOW, false));
    assertThat(stores().agents().revoke("x")).isTrue();
    assertThat(stores().agents().revoke("x")).isTrue();
    assertThat(stores().agents().revoke("z")).isFalse();
    assertThat(stores().agents().renewed("x", NOW.plusSeconds(60))).isFalse();
    reopen();
    assertThat(stores().agents().list())
        .containsExactlyInAnyOrder(
            new StoredAgent("x", EU, NOW, true), new StoredAgent("y", EU, NOW, false));
  }

  @Test
  void revokesAllAgentsOfOneClusterOnly() {
    stores().agents().add(new StoredAgent("x", EU, NOW, false));
    stores().agents().add(new StoredAgent("y", EU, NOW, false));
    stores().agents().add(new StoredAgent("z", US, NOW, false));
    stores().agents().revokeAll(EU);
    assertThat(stores().agents().list())
        .filteredOn(StoredAgent::revoked)
        .extracting(StoredAgent::id)
        .containsExactlyInAnyOrder("x", "y");
  }

  @Test
  void purgeForgetsAgentsThatExpiredBefore() {
    stores().agents().add(new StoredAgent("old", EU, NOW.minusNanos(1), false));
    stores().agents().add(new StoredAgent("edge", EU, NOW, true));
    stores().agents().purge(NOW);
    assertThat(stores().agents().list()).extracting(StoredAgent::id).containsExactly("edge");
  }

  @Test
  void findsAnApiKey() {
    stores().apiKeys().add(key);
    assertThat(stores().apiKeys().find("k")).contains(key);
    assertThat(stores().apiKeys().find("K")).isEmpty();
  }

  @Test
  void refusesASecondApiKeyWithTheSameId() {
    stores().apiKeys().add(key);
    StoredApiKey second =
        new StoredApiKey(
            "k", "other", Owner.SERVICE, Identity.user("eve"), "", null, NOW, null, null);
    assertThatThrownBy(() -> stores().apiKeys().add(second))
        .isInstanceOf(ConflictException.class)
        .hasMessageNotContaining("other");
    assertThat(stores().apiKeys().find("k")).contains(key);
  }

  @Test
  void lastUseOfAnApiKeyOnlyMovesForward() {
    stores().apiKeys().add(key);
    stores().apiKeys().used("k", NOW.plusSeconds(60));
    stores().apiKeys().used("k", NOW);
    assertThat(stores().apiKeys().find("k")).contains(key.usedAt(NOW.plusSeconds(60)));
  }

  @Test
  void useDoesNotBringARemovedApiKeyBack() {
    stores().apiKeys().add(key);
    stores().apiKeys().remove("k");
    stores().apiKeys().used("k", NOW);
    assertThat(stores().apiKeys().list()).isEmpty();
  }

  @Test
  void removesAnApiKey() {
    stores().apiKeys().add(key);
    assertThat(stores().apiKeys().remove("k")).isTrue();
    assertThat(stores().apiKeys().remove("k")).isFalse();
    assertThat(stores().apiKeys().list()).isEmpty();
  }
}
