package dev.fairlead.core.store;

import dev.fairlead.api.ConflictException;
import dev.fairlead.api.store.AccessTokenStore;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The access tokens. */
final class AccessTokenTable implements AccessTokenStore {

  private final Table<StoredAccessToken> table;

  AccessTokenTable(Table<StoredAccessToken> table) {
    this.table = table;
  }

  @Override
  public void add(StoredAccessToken token) {
    Objects.requireNonNull(token, "token");
    if (table.change(rows -> rows.putIfAbsent(token.id(), token)) != null) {
      throw new ConflictException("access token " + token.id() + ": exists (expected: a new id)");
    }
  }

  @Override
  public Optional<StoredAccessToken> find(String id) {
    return Optional.ofNullable(table.rows().get(Objects.requireNonNull(id, "id")));
  }

  @Override
  public boolean remove(String id) {
    Objects.requireNonNull(id, "id");
    return table.change(rows -> rows.remove(id) != null);
  }

  @Override
  public List<StoredAccessToken> list() {
    return List.copyOf(table.rows().values());
  }
}
