package dev.fairlead.core.store;

import dev.fairlead.api.store.Stores;
import java.util.Collection;
import java.util.List;

/** Stores in memory: for tests, and for hubs whose agents enrol anew after each start. */
public final class MemoryStores {

  private MemoryStores() {}

  /**
   * Makes empty stores. What they hold lives as long as the object: closing and opening them again
   * keeps it.
   *
   * @return stores that are not open yet; safe for use by any thread, their reads never wait
   */
  public static Stores create() {
    return new TableStores(new Memory());
  }

  private static final class Memory implements Place {

    @Override
    public void open() {}

    @Override
    public <V> Keeper<V> keeper(Form<V> form) {
      return new Keeper<>() {
        private volatile List<V> kept = List.of();

        @Override
        public List<V> load() {
          return kept;
        }

        @Override
        public void keep(Collection<V> rows) {
          kept = List.copyOf(rows);
        }
      };
    }

    @Override
    public void opened() {}

    @Override
    public void close() {}

    @Override
    public String toString() {
      return "memory";
    }
  }
}
