package dev.fairlead.testkit.store;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.store.Stores;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The stores of one case, opened before it and closed after it. */
abstract class StoresFixture {

  static final ClusterName EU = ClusterName.of("prod-eu");
  static final ClusterName US = ClusterName.of("prod-us");
  static final Instant NOW = Instant.parse("2026-03-01T12:00:00.123456789Z");

  private Stores stores;

  /**
   * Makes the stores of one case.
   *
   * @return empty stores that were not opened
   */
  protected abstract Stores create();

  final Stores stores() {
    return stores;
  }

  final void reopen() {
    stores.close();
    stores.open();
  }

  @BeforeEach
  void openStores() {
    stores = create();
    stores.open();
  }

  @AfterEach
  void closeStores() {
    stores.close();
  }
}
