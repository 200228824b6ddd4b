package dev.fairlead.testkit.authorization;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.api.store.RoleStore;
import dev.fairlead.api.store.RoleStore.StoredRoles;
import dev.fairlead.core.authorization.RolesFile;
import dev.fairlead.testkit.store.RoleStoreConformance;
import dev.fairlead.testkit.store.crash.CrashDisk;
import dev.fairlead.testkit.store.crash.CrashDisk.Loss;
import dev.fairlead.testkit.store.crash.CrashDisk.Moment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RolesFileConformanceTest extends RoleStoreConformance {

  private static final StoredRoles BEFORE = new StoredRoles("roles: []\nbindings: []\n");
  private static final StoredRoles AFTER =
      new StoredRoles("# by the hub\nroles: []\nbindings: []\n");

  @TempDir Path directory;

  private @Nullable RoleStore store;

  @Override
  protected RoleStore roles() {
    RoleStore present = store;
    if (present == null) {
      present = RolesFile.at(written(directory.resolve("roles.yaml")));
      store = present;
    }
    return present;
  }

  private static Path written(Path file) {
    try {
      Files.createDirectories(file.resolveSibling(""));
      return Files.writeString(file, BEFORE.text());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @EnumSource(Loss.class)
  void crashAtAnyStepOfAReplacementLeavesOneOrTheOther(Loss loss) throws Exception {
    CrashDisk counted = CrashDisk.under(directory.resolve("counted"), 1);
    written(directory.resolve("counted").resolve("roles.yaml"));
    assertThat(replaced(counted)).isTrue();
    int steps = counted.steps();
    assertThat(steps).isGreaterThan(3);
    for (int step = 1; step <= steps; step++) {
      for (Moment moment : Moment.values()) {
        Path real = directory.resolve(UUID.randomUUID().toString());
        written(real.resolve("roles.yaml"));
        CrashDisk disk = CrashDisk.under(real, step);
        disk.crashAt(step, moment, loss);
        boolean acknowledged = replaced(disk);
        assertThat(disk.isDead()).as("step %s, %s", step, moment).isTrue();
        StoredRoles kept = RolesFile.at(real.resolve("roles.yaml")).get();
        assertThat(kept).as("step %s, %s", step, moment).isIn(BEFORE, AFTER);
        if (acknowledged) {
          assertThat(kept).isEqualTo(AFTER);
        }
      }
    }
  }

  /** Whether it was done, as far as the one who asked for it learned. */
  private static boolean replaced(CrashDisk disk) {
    try {
      return RolesFile.at(disk.root().resolve("roles.yaml")).replace(BEFORE, AFTER);
    } catch (RuntimeException e) {
      assertThat(disk.isDead()).as("only the crash may end it: %s", e).isTrue();
      return false;
    }
  }
}
