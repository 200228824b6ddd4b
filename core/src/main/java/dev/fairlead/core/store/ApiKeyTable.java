package dev.fairlead.core.store;

import dev.fairlead.api.ConflictException;
import dev.fairlead.api.store.ApiKeyStore;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The API keys. */
final class ApiKeyTable implements ApiKeyStore {

  private final Table<StoredApiKey> table;

  ApiKeyTable(Table<StoredApiKey> table) {
    this.table = table;
  }

  @Override
  public void add(StoredApiKey key) {
    Objects.requireNonNull(key, "key");
    if (table.change(rows -> rows.putIfAbsent(key.id(), key)) != null) {
      throw new ConflictException("API key " + key.id() + ": exists (expected: a new id)");
    }
  }

  @Override
  public Optional<StoredApiKey> find(String id) {
    return Optional.ofNullable(table.rows().get(Objects.requireNonNull(id, "id")));
  }

  @Override
  public void used(String id, Instant at) {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(at, "at");
    table.<Boolean>change(
        rows ->
            rows.computeIfPresent(
                    id,
                    (same, key) -> {
                      Instant last = key.lastUsedAt();
                      return last == null || last.isBefore(at) ? key.usedAt(at) : key;
                    })
                != null);
  }

  @Override
  public boolean remove(String id) {
    Objects.requireNonNull(id, "id");
    return table.change(rows -> rows.remove(id) != null);
  }

  @Override
  public List<StoredApiKey> list() {
    return List.copyOf(table.rows().values());
  }
}
