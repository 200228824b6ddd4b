package dev.fairlead.testkit.store;

import dev.fairlead.api.store.Stores;
import dev.fairlead.core.store.FileStores;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.io.TempDir;

class FileStoresTest extends StoresConformance {

  @TempDir Path temporary;

  @Override
  protected Stores create() {
    return FileStores.in(temporary.resolve(UUID.randomUUID().toString()));
  }
}
