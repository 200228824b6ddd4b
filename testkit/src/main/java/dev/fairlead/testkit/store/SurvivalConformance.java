package dev.fairlead.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.ConflictException;
import dev.fairlead.api.store.AgentStore.StoredAgent;
import dev.fairlead.api.store.Stores;
import java.time.Instant;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * What stores still know when they are opened again, as JUnit cases. Extend it beside {@link
 * StoresConformance}. Stores that outlive their process add what happens when that is killed, with
 * the help of {@link StoreChanges}.
 */
public abstract class SurvivalConformance {

  private static final int CHANGES = 200;

  /** For subclasses. */
  protected SurvivalConformance() {}

  /**
   * The stores of one case.
   *
   * @return stores that are not open, and hold what those that this returned before, in the same
   *     case, held when they were closed
   */
  protected abstract Stores again();

  @Test
  void everyChangeIsThereWheneverTheyAreOpenedAgain() {
    long seed = 1;
    StoreChanges changes = StoreChanges.seeded(seed);
    SplittableRandom random = new SplittableRandom(seed);
    Stores stores = again();
    stores.open();
    for (int number = 1; number <= CHANGES; number++) {
      changes.make(number, stores);
      if (random.nextInt(20) == 0) {
        stores.close();
        stores = again();
        stores.open();
        changes.requireKept(number, stores);
      }
    }
    stores.close();
  }

  @Test
  void changeThatWasRefusedLeavesNothingBehind() {
    StoreChanges changes = StoreChanges.seeded(2);
    Stores stores = again();
    stores.open();
    for (int number = 1; number <= CHANGES; number++) {
      changes.make(number, stores);
    }
    for (StoredAgent present : stores.agents().list()) {
      StoredAgent second =
          new StoredAgent(present.id(), ClusterName.of("other"), Instant.EPOCH, false);
      Stores open = stores;
      assertThatThrownBy(() -> open.agents().add(second)).isInstanceOf(ConflictException.class);
    }
    assertThat(stores.agents().list()).isNotEmpty();
    stores.close();
    stores = again();
    stores.open();
    changes.requireKept(CHANGES, stores);
    stores.close();
  }
}
