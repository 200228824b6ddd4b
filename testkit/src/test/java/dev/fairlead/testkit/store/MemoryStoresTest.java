package dev.fairlead.testkit.store;

import dev.fairlead.api.store.Stores;
import dev.fairlead.core.store.MemoryStores;

class MemoryStoresTest extends StoresConformance {

  @Override
  protected Stores create() {
    return MemoryStores.create();
  }
}
