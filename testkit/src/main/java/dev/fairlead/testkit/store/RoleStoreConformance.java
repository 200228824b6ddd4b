package dev.fairlead.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.api.store.RoleStore;
import dev.fairlead.api.store.RoleStore.StoredRoles;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What every {@link RoleStore} has to do, as JUnit cases. {@link StoresConformance} has them for
 * those that are among a hub's stores; extend it for one that is by itself.
 */
public abstract class RoleStoreConformance {

  private static final StoredRoles FIRST = new StoredRoles("{\"roles\": [], \"bindings\": []}\n");
  private static final StoredRoles SECOND =
      new StoredRoles("# grün 🚢 \"quoted\" \\ \t\nroles: []\nbindings: []\n");
  private static final int SECONDS = 30;

  /** For subclasses. */
  protected RoleStoreConformance() {}

  /**
   * The store of one case.
   *
   * @return the same one with each call of a case, and another one in each case; open, and holding
   *     whatever it begins with
   */
  protected abstract RoleStore roles();

  @Test
  void textComesBackAsItIs() {
    for (StoredRoles text :
        List.of(FIRST, SECOND, new StoredRoles("# " + "x".repeat(500_000) + "\n"))) {
      assertThat(roles().replace(roles().get(), text)).isTrue();
      assertThat(roles().get()).isEqualTo(text);
    }
    assertThat(SECOND.toString()).doesNotContain("quoted");
  }

  @Test
  void replacesRolesOnlyAsTheyWereRead() {
    StoredRoles begin = roles().get();
    assertThat(roles().replace(SECOND, FIRST)).isFalse();
    assertThat(roles().get()).isEqualTo(begin);
    assertThat(roles().replace(begin, FIRST)).isTrue();
    assertThat(roles().replace(begin, SECOND)).isFalse();
    assertThat(roles().get()).isEqualTo(FIRST);
  }

  @Test
  void ofManyReplacementsAtOnceOneSucceeds() {
    StoredRoles begin = roles().get();
    List<Boolean> done =
        Together.call(
            IntStream.range(0, 32)
                .<Callable<Boolean>>mapToObj(
                    i -> () -> roles().replace(begin, new StoredRoles("# " + i + "\n")))
                .toList());
    assertThat(done).filteredOn(Boolean::booleanValue).hasSize(1);
    assertThat(roles().get().text())
        .isEqualTo("# " + done.indexOf(true) + "\n")
        .isNotEqualTo(begin.text());
  }

  @Test
  void whoWatchesIsToldAfterTheChange() throws Exception {
    BlockingQueue<StoredRoles> seen = new LinkedBlockingQueue<>();
    try (RoleStore.Watch watch = roles().watch(() -> seen.add(roles().get()))) {
      Objects.requireNonNull(watch);
      for (StoredRoles next : List.of(FIRST, SECOND, FIRST)) {
        assertThat(roles().replace(roles().get(), next)).isTrue();
        StoredRoles told = seen.poll(SECONDS, TimeUnit.SECONDS);
        while (!next.equals(told)) {
          assertThat(told).as("nobody told of a change").isNotNull();
          told = seen.poll(SECONDS, TimeUnit.SECONDS);
        }
      }
    }
  }

  @Test
  void whoWatchesNoMoreIsNotTold() throws Exception {
    AtomicInteger told = new AtomicInteger();
    RoleStore.Watch watch = roles().watch(told::incrementAndGet);
    watch.close();
    watch.close();
    BlockingQueue<Boolean> other = new LinkedBlockingQueue<>();
    try (RoleStore.Watch second = roles().watch(() -> other.add(true))) {
      Objects.requireNonNull(second);
      assertThat(roles().replace(roles().get(), SECOND)).isTrue();
      assertThat(other.poll(SECONDS, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(told).hasValue(0);
  }
}
