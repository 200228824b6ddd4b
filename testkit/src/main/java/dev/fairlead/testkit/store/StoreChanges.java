package dev.fairlead.testkit.store;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.Identity;
import dev.fairlead.api.InstallTokenInfo;
import dev.fairlead.api.store.AgentStore.StoredAgent;
import dev.fairlead.api.store.ApiKeyStore.Owner;
import dev.fairlead.api.store.ApiKeyStore.StoredApiKey;
import dev.fairlead.api.store.RoleStore.StoredRoles;
import dev.fairlead.api.store.Stores;
import dev.fairlead.core.store.MemoryStores;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;

/**
 * A long row of changes to stores, which a seed determines, and what stores have to hold after any
 * of them: for finding out what stores still know after their process died in the midst of it.
 * Immutable.
 */
public final class StoreChanges {

  private static final Instant BEGIN = Instant.parse("2026-03-01T12:00:00Z");
  private static final int KINDS = 10;

  private final long seed;

  private StoreChanges(long seed) {
    this.seed = seed;
  }

  /**
   * A row of changes.
   *
   * @param seed which one; the same seed gives the same changes, in this process and any other
   * @return a row that nothing was made of yet
   */
  public static StoreChanges seeded(long seed) {
    return new StoreChanges(seed);
  }

  /**
   * Makes one change. Each of them is one call of a store, and never refused after those before it.
   *
   * @param number which one, from 1 on
   * @param stores open stores that went through all those before it
   */
  public void make(int number, Stores stores) {
    SplittableRandom random = new SplittableRandom(seed * 1_000_003 + number);
    ClusterName cluster = ClusterName.of("c" + random.nextInt(4));
    // Some that exist, some that are gone, and some that never were.
    String some = "x" + random.nextInt(1, number + 1);
    Instant at = BEGIN.plusSeconds(number);
    String mine = "x" + number;
    switch (random.nextInt(KINDS)) {
      case 0 -> stores.clusters().merge(cluster, Map.of("n" + random.nextInt(3), mine));
      case 1 -> stores.clusters().remove(cluster);
      case 2 -> stores.agents().add(new StoredAgent(mine, cluster, at, false));
      case 3 -> stores.agents().renewed(some, at);
      case 4 -> stores.agents().revoke(some);
      case 5 -> stores.apiKeys().add(key(mine, at));
      case 6 -> stores.apiKeys().remove(some);
      case 7 -> stores.apiKeys().used(some, at);
      case 8 -> stores.roles().replace(stores.roles().get(), new StoredRoles("# " + mine + "\n"));
      default ->
          stores
              .installTokens()
              .add(
                  new InstallTokenInfo(
                      mine, cluster, at, at.plusSeconds(60), InstallTokenInfo.State.OPEN),
                  "hash");
    }
  }

  private static StoredApiKey key(String id, Instant at) {
    Identity owner = Identity.user("u" + id).inGroups("grün", "\"quoted\"");
    return new StoredApiKey(id, "hash", Owner.USER, owner, "", null, at, null, null);
  }

  /**
   * Finds out how far stores have come, of two numbers.
   *
   * @param acknowledged the change that returned last, 0 for none
   * @param stores what is left, open
   * @return {@code acknowledged}, or the number after it if that change is there, too
   * @throws AssertionError if they hold anything else, such as half a change
   */
  public int requireKept(int acknowledged, Stores stores) {
    String found = contents(stores);
    try (Stores expected = MemoryStores.create()) {
      expected.open();
      for (int number = 1; number <= acknowledged; number++) {
        make(number, expected);
      }
      String without = contents(expected);
      make(acknowledged + 1, expected);
      String with = contents(expected);
      if (found.equals(with)) {
        return acknowledged + 1;
      }
      if (found.equals(without)) {
        return acknowledged;
      }
      throw new AssertionError(
          "seed "
              + seed
              + ", "
              + acknowledged
              + " changes were acknowledged\nfound:    "
              + found
              + "\nexpected: "
              + without
              + "\nor:       "
              + with);
    }
  }

  private static String contents(Stores stores) {
    List<Object> rows =
        List.of(
            stores.clusters().list(),
            stores.installTokens().list(),
            stores.agents().list(),
            stores.roles().get().text(),
            stores.apiKeys().list().stream()
                .map(key -> key + " used " + Objects.toString(key.lastUsedAt()))
                .toList());
    return rows.toString();
  }
}
