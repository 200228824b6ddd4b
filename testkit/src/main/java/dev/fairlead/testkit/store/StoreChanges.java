package dev.fairlead.testkit.store;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.Identity;
import dev.fairlead.api.InstallTokenInfo;
import dev.fairlead.api.store.AgentStore.StoredAgent;
import dev.fairlead.api.store.ApiKeyStore.Owner;
import dev.fairlead.api.store.ApiKeyStore.StoredApiKey;
import dev.fairlead.api.store.RoleStore.StoredRoles;
import dev.fairlead.api.store.SessionStore.ShownToken;
import dev.fairlead.api.store.SessionStore.StoredSession;
import dev.fairlead.api.store.SigningKeyStore.StoredSigningKey;
import dev.fairlead.api.store.Stores;
import dev.fairlead.api.store.UserStore.StoredUser;
import dev.fairlead.core.store.MemoryStores;
import java.time.Instant;
import java.util.ArrayList;
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
  private static final int KINDS = 18;

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
      case 9 ->
          stores
              .installTokens()
              .add(
                  new InstallTokenInfo(
                      mine, cluster, at, at.plusSeconds(60), InstallTokenInfo.State.OPEN),
                  "hash");
      default -> changeAccounts(random.nextInt(8), number, some, stores);
    }
  }

  /** Users, their sessions, and the keys that sign their tokens. */
  private static void changeAccounts(int kind, int number, String some, Stores stores) {
    Instant at = BEGIN.plusSeconds(number);
    String mine = "x" + number;
    switch (kind) {
      case 0, 1 ->
          stores
              .users()
              .add(
                  new StoredUser(
                      mine, mine + "@example.com", "hash", false, List.of("b", "a"), at));
      case 2 ->
          stores
              .users()
              .find(some)
              .ifPresent(
                  user ->
                      stores.users().replace(user, user.withDisabled(true).withRoles(List.of())));
      case 3 -> stores.users().remove(some);
      case 4 ->
          stores
              .sessions()
              .add(new StoredSession(mine, some, "family", "first", at, at.plusSeconds(600)));
      case 5 ->
          // Of one that was rotated before, this ends the family.
          stores
              .sessions()
              .rotate(new ShownToken(some, "family", "first"), mine, at, at.plusSeconds(600));
      case 6 -> stores.sessions().removeAll(some);
      default ->
          stores
              .signingKeys()
              .rotate(new StoredSigningKey(mine, "private", "public", at, null), at);
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
    String found = contents(stores, acknowledged + 1);
    try (Stores expected = MemoryStores.create()) {
      expected.open();
      for (int number = 1; number <= acknowledged; number++) {
        make(number, expected);
      }
      String without = contents(expected, acknowledged + 1);
      make(acknowledged + 1, expected);
      String with = contents(expected, acknowledged + 1);
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

  private static String contents(Stores stores, int upTo) {
    List<Object> rows =
        List.of(
            stores.clusters().list(),
            stores.installTokens().list(),
            stores.agents().list(),
            stores.roles().get().text(),
            stores.users().list().stream()
                .map(user -> user + " since " + user.createdAt() + user.passwordHash())
                .toList(),
            sessions(stores, upTo),
            stores.signingKeys().list().stream()
                .map(key -> key + key.privateKey() + key.publicKey())
                .toList(),
            stores.apiKeys().list().stream()
                .map(key -> key + " used " + Objects.toString(key.lastUsedAt()))
                .toList());
    return rows.toString();
  }

  /** There is no list of them all, only of each user's. */
  private static List<String> sessions(Stores stores, int upTo) {
    List<String> all = new ArrayList<>();
    for (int user = 1; user <= upTo; user++) {
      for (StoredSession session : stores.sessions().listOf("x" + user)) {
        all.add(session + session.familyHash() + session.tokenHash());
      }
    }
    return all;
  }
}
