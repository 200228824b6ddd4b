package dev.fairlead.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.api.store.Stores;
import dev.fairlead.core.store.FileStores;
import dev.fairlead.testkit.store.crash.CrashDisk;
import dev.fairlead.testkit.store.crash.CrashDisk.Loss;
import dev.fairlead.testkit.store.crash.CrashDisk.Moment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whenever a hub or its machine dies, its files hold what it acknowledged, and nothing halfway. */
class FileSurvivalTest extends SurvivalConformance {

  private static final int ROUNDS = 20;
  private static final int CHANGES = 4;

  @TempDir Path temporary;

  @Override
  protected Stores again() {
    return FileStores.in(temporary.resolve("stores"));
  }

  @Test
  void processThatIsKilledAtAnyMomentLosesNothing() throws Exception {
    long seed = 20_260_301;
    SplittableRandom random = new SplittableRandom(seed);
    StoreChanges changes = StoreChanges.seeded(seed);
    Path directory = temporary.resolve("stores");
    int last = 0;
    for (int round = 0; round < ROUNDS; round++) {
      KilledHub hub = KilledHub.start(directory, seed, last);
      int acknowledged;
      try {
        hub.await(random.nextInt(1, 30));
        // Some moment in the change that is under way now.
        for (int spin = random.nextInt(200_000); spin > 0; spin--) {
          Thread.onSpinWait();
        }
      } finally {
        acknowledged = hub.kill();
      }
      assertThat(acknowledged).isGreaterThan(last);
      try (Stores stores = again()) {
        stores.open();
        last = changes.requireKept(acknowledged, stores);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Loss.class)
  void crashAtAnyStepOfAnyChangeLosesNothing(Loss loss) throws Exception {
    int steps = steps();
    assertThat(steps).isGreaterThan(40);
    for (int step = 1; step <= steps; step++) {
      for (Moment moment : Moment.values()) {
        crashAt(step, moment, loss);
      }
    }
  }

  /** How many there are when nothing goes wrong. */
  private int steps() throws Exception {
    CrashDisk disk = CrashDisk.under(temporary.resolve("counted"), 1);
    try (Stores stores = FileStores.in(disk.root().resolve("stores"))) {
      stores.open();
      for (int number = 1; number <= CHANGES; number++) {
        StoreChanges.seeded(7).make(number, stores);
      }
      return disk.steps();
    }
  }

  private void crashAt(int step, Moment moment, Loss loss) throws Exception {
    Path real = temporary.resolve(loss + "-" + moment + "-" + step);
    CrashDisk disk = CrashDisk.under(real, step);
    StoreChanges changes = StoreChanges.seeded(7);
    disk.crashAt(step, moment, loss);
    int acknowledged = 0;
    Stores dying = FileStores.in(disk.root().resolve("stores"));
    try {
      dying.open();
      for (int number = 1; number <= CHANGES; number++) {
        changes.make(number, dying);
        acknowledged = number;
      }
    } catch (RuntimeException e) {
      assertThat(disk.isDead()).as("only the crash may end it: %s", e).isTrue();
    }
    assertThat(disk.isDead()).as("step %s, %s", step, moment).isTrue();
    // As if by another process: this one's name in it does not matter.
    Files.deleteIfExists(real.resolve("stores").resolve("lock.holder"));
    try (Stores stores = FileStores.in(real.resolve("stores"))) {
      stores.open();
      int kept = changes.requireKept(acknowledged, stores);
      if (kept < CHANGES) {
        changes.make(kept + 1, stores);
      }
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError("step " + step + ", " + moment + ", " + loss, e);
    }
  }
}
