package dev.fairlead.testkit.store;

import dev.fairlead.api.store.Stores;
import dev.fairlead.core.store.MemoryStores;

class MemorySurvivalTest extends SurvivalConformance {

  private final Stores stores = MemoryStores.create();

  @Override
  protected Stores again() {
    return stores;
  }
}
